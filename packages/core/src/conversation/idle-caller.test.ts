import { FakeClock, lastWords, startCallWithAgents, type TestAgent } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { LLMContext } from '../context/llm-context.ts';
import { SessionEvents } from '../events/session-events.ts';
import { createFrame } from '../frames/frame.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { LLMContextAggregatorPair } from './llm-context-aggregator-pair.ts';

const agent: TestAgent = {
  replies: (request) => {
    const words = lastWords(request);
    if (words.startsWith('Welcome')) return 'Welcome.';
    return /still there/.test(words) ? 'Are you still there?' : `You said ${words}.`;
  },
};

const start = async (): Promise<Awaited<ReturnType<typeof startCallWithAgents>>> => {
  const it = await startCallWithAgents({ agents: { agent } });
  await it.call.activate('agent', 'Welcome.');
  await it.call.untilHeard('Welcome.');
  return it;
};

describe('a caller who says nothing', () => {
  it('is asked after a while, and answered when they are there', async () => {
    await using it = await start();
    let isGone = false;
    it.call.main.onFrame = (frame) => (isGone ||= frame.kind === 'caller-gone');
    await it.call.untilHeard('Are you still there?');
    await it.call.say('yes I am');
    await it.call.untilHeard('You said yes I am.');
    await it.call.until(() => it.models['agent']?.requests.length === 4, 'the second question');
    await it.call.until(() => isGone, 'the caller to be given up', 60_000);
    // Asked twice, each time once: after a word the wait starts anew.
    expect(it.models['agent']?.requests).toHaveLength(4);
  });

  it('is left alone while they are muted', async () => {
    await using it = await start();
    it.call.mute(true);
    await it.clock.advance(60_000);
    expect(it.models['agent']?.requests).toHaveLength(1);
    it.call.mute(false);
    await it.call.untilHeard('Are you still there?');
  });

  it('is not asked while the rest of an answer is on its way, as over a bus that is away', async () => {
    const clock = new FakeClock();
    const aggregators = new LLMContextAggregatorPair(new LLMContext());
    const pipeline = new Pipeline([aggregators.user(), aggregators.assistant()]);
    let asked = 0;
    const events = new SessionEvents('session', clock, () => {});
    events.onEvent(({ type }) => (asked += type === 'turn-started' ? 1 : 0));
    pipeline.attach({ clock, events, sessionId: 'session', workerName: 'main' });
    const [turnId, messageId] = ['turn', 'message'];
    pipeline.queueFrame(createFrame('llm-response-start', { turnId, messageId, agent: 'agent' }));
    pipeline.queueFrame(createFrame('llm-text', { turnId, messageId, text: 'One two.' }));
    pipeline.queueFrame(createFrame('bot-started-speaking', { turnId, agent: 'agent' }));
    pipeline.queueFrame(
      createFrame('bot-stopped-speaking', { turnId, agent: 'agent', interrupted: false }),
    );
    await clock.advance(20_000);
    expect(asked).toBe(0);
    const heard = { turnId, messageId, characters: 8, final: true, interrupted: false };
    pipeline.queueFrame(createFrame('llm-response-end', { turnId, messageId, reason: 'stop' }));
    pipeline.queueFrame(createFrame('bot-heard', heard));
    await clock.advance(10_000);
    expect(asked).toBe(1);
    await pipeline.cleanup();
  });
});
