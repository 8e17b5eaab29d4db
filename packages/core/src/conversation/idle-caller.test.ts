import { lastWords, startCallWithAgents, type TestAgent } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';

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
});
