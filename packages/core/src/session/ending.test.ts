import { lastWords, startCallWithAgents, type TestAgent } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LocalBus } from '../bus/local-bus.ts';
import { tool } from '../model/tool.ts';

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

  it('does not wait for ever for what was promised, as to a caller whose line is gone', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    const state = endWhenAsked(it);
    await it.call.activate('agent', 'Welcome.');
    await it.call.untilHeard('You said Welcome.');
    // Nobody asks for packets any more.
    it.call.output.nextPacket = () => null;
    const askedMs = it.clock.now();
    await it.call.type('good-bye');
    await it.call.until(() => state.isOver, 'the call to end');
    expect(it.clock.now() - askedMs).toBeLessThan(21_000);
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

/** Stops in the middle of its answer and waits, or until a tool of its own is done, which never is. */
const longWinded: TestAgent = {
  replies: (request) => {
    const words = lastWords(request);
    if (words === 'look it up') return { toolCalls: [{ name: 'look' }] };
    return { text: 'One two three.', then: 'stall' };
  },
};

describe('nobody pays for an answer that nobody waits for', () => {
  type Started = Awaited<ReturnType<typeof startCallWithAgents>>;
  const ends: readonly [string, (started: Started) => Promise<unknown>][] = [
    ['the session ends', ({ call }) => call.runner.endSession(call.sessionId)],
    ['the process of the agent ends', ({ agents }) => agents.cancel('shutting down')],
  ];

  it.each(ends)('when %s the model stops writing', async (_, end) => {
    await using it = await startCallWithAgents({ agents: { agent: longWinded } });
    await it.call.activate('agent', 'Welcome.');
    await it.call.until(() => it.call.eventsOf('bot-text').length > 1, 'two words');
    const [request] = it.models['agent']?.requests ?? [];
    expect(request?.signal.aborted).toBe(false);
    const endedMs = it.clock.now();
    await it.clock.until(end(it));
    await it.call.until(() => request?.signal.aborted ?? false, 'the request to be aborted');
    // Not because it was silent for so long: that takes six seconds.
    expect(it.clock.now() - endedMs).toBeLessThan(1_000);
  });

  const withTools = ends.flatMap(([when, end]) => [
    { when, end, cancelOnInterruption: true, what: 'a tool' },
    {
      when,
      end,
      cancelOnInterruption: false,
      what: 'a tool that goes on when the user interrupts',
    },
  ]);

  it.each(withTools)('when $when $what is told, and no model is asked', async (given) => {
    const { end, cancelOnInterruption } = given;
    const told = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    const look = tool({
      description: 'Looks.',
      parameters: z.object({}),
      cancelOnInterruption,
      execute: (_given, { signal }) => {
        signal.addEventListener('abort', () => told.resolve('told'));
        begun.resolve();
        return new Promise(() => {});
      },
    });
    await using it = await startCallWithAgents({
      agents: { agent: { ...longWinded, tools: { look } } },
    });
    await it.call.activate('agent', 'look it up');
    await it.clock.until(begun.promise);
    await it.clock.until(end(it));
    expect(await it.clock.until(told.promise)).toBe('told');
    await it.clock.advance(1_000);
    expect(it.models['agent']?.requests).toHaveLength(1);
    // What it did is not known here: nobody is told that the caller interrupted it.
    expect(it.call.eventsOf('tool-end').map(({ status }) => status)).not.toContain('cancelled');
  });
});
