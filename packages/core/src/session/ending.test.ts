import { lastWords, startCallWithAgents, type TestAgent } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';

const farewell = 'That is all I know. It was nice to talk to you. Have a pleasant day.';
const agent: TestAgent = {
  replies: (request) => {
    const words = lastWords(request);
    if (words === 'good-bye') return { text: farewell, toolCalls: [{ name: 'end_call' }] };
    return `You said ${words}.`;
  },
};

/** Ends the call as its transport agent does: when an agent asks for it, after what was promised was heard. */
function endWhenAsked(it: Awaited<ReturnType<typeof startCallWithAgents>>): { isOver: boolean } {
  const state = { isOver: false };
  it.call.bridge.owner.onEndRequested = () =>
    void it.call.main.end('agent-ended').then(() => (state.isOver = true));
  return state;
}

describe('the end of a call', () => {
  it('comes after all that was promised was spoken', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    const state = endWhenAsked(it);
    await it.call.activate('agent', 'Welcome.');
    await it.call.type('good-bye');
    await it.call.until(() => state.isOver, 'the call to end');
    expect(it.call.heard.at(-1)).toMatchObject({ text: farewell, interrupted: false });
  });

  it('by an agent ends that call only: others go on, and its process serves new ones', async () => {
    const bus = new LocalBus({ mode: 'frozen' });
    await using first = await startCallWithAgents({ bus, agents: { agent } });
    await using second = await startCallWithAgents({
      bus,
      clock: first.clock,
      sessionId: 'session-2',
      agents: {},
    });
    const state = endWhenAsked(first);
    await first.call.activate('agent', 'Welcome.');
    await second.call.activate('agent', 'Welcome.');
    await first.call.type('good-bye');
    await first.call.until(() => state.isOver, 'the first call to end');
    await first.clock.until(first.call.runner.endSession('session-1'));
    await second.call.type('are you there');
    await second.call.untilHeard('You said are you there.');
  });

  it('releases the agents within a second: the caller is gone, and so is what they knew', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    await it.call.activate('agent', 'Welcome.');
    await it.call.untilHeard('You said Welcome.');
    expect(it.agents.getWorker('agent', it.call.sessionId)).toBeDefined();
    await it.clock.until(it.call.runner.endSession(it.call.sessionId));
    await it.clock.advance(1_000);
    expect(it.agents.getWorker('agent', it.call.sessionId)).toBeUndefined();
  });
});
