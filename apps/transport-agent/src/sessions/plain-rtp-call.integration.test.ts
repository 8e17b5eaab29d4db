import {
  powerShareAt,
  scriptedProviders,
  scriptedTonesHz,
  speak,
  startTransportAgentProcess,
  VirtualCaller,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { afterAll, beforeAll, expect, test } from 'vitest';

let agent: TransportAgentProcess;
let sentence: Int16Array;
beforeAll(async () => {
  [agent, sentence] = await Promise.all([
    startTransportAgentProcess({ env: { ...scriptedProviders, PLAIN_RTP: 'on' } }),
    speak('flite-slt', 'Hello there, my good friends.'),
  ]);
}, 40_000);
afterAll(() => agent.stop());

test('a whole call over plain RTP: greeted, answered, interrupted, handed over, ended', async () => {
  const caller = await VirtualCaller.call({ url: agent.url, media: 'plain' });
  await caller.untilEvent('caller-connected', { where: ({ media }) => media === 'rtp' });
  await caller.untilEvent('bot-stopped-speaking');
  expect(powerShareAt(caller.heard.recording(), scriptedTonesHz.greeter)).toBeGreaterThan(0.9);

  // Answered, after the gateway's media moved to another port and its signalling broke.
  await caller.openMedia();
  await caller.loseSignalling();
  const after = caller.events.lastSequence;
  const saying = caller.say(sentence); // hello there
  await caller.resume();
  const spoken = await saying;
  await caller.untilSound(spoken.endedMs);
  await caller.untilEvent('bot-stopped-speaking', { after });

  // Interrupted: hold and verdict go over signalling, both ways.
  const typedMs = performance.now();
  caller.type('tell me everything');
  await caller.untilSound(typedMs);
  const interrupting = caller.say(sentence); // I need support
  await caller.microphone.untilSaid(160);
  // A machine that is busy for longer than a verdict may take lets the bot go on first, until words come.
  const holdId = caller.hold();
  await caller.untilVerdict(holdId);
  await caller.untilEvent('interruption', { where: ({ verdict }) => verdict === 'interrupt' });
  await interrupting;

  await caller.untilEvent('handoff-active', { where: ({ to }) => to === 'support' });
  const supportMs = performance.now();
  await caller.untilEvent('bot-stopped-speaking', { where: ({ agent: by }) => by === 'support' });
  expect(powerShareAt(caller.heard.recording(supportMs), scriptedTonesHz.support)).toBeGreaterThan(
    0.9,
  );

  caller.send({ type: 'end-call' });
  expect(await caller.untilMessage('ended')).toMatchObject({ reason: 'caller-ended' });
  expect((await caller.ended).code).toBe(1000);
  expect(caller.fastMessages).toBe(0);
  expect(caller.events.of('transcript-final').map(({ text }) => text)).toEqual([
    'hello there',
    'tell me everything',
    'I need support',
  ]);
  expect(caller.events.of('session-started')).toHaveLength(1);
  expect(caller.events.of('problem')).toEqual([]);
  const sequences = caller.events.all.map(({ sequence }) => sequence);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  await caller.close();
}, 60_000);
