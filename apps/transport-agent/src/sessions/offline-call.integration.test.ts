import type { TranscriptionResult } from '@voicebus/core';
import { OfflineRecogniser } from '@voicebus/speech/offline-recogniser';
import {
  medianPitchHz,
  speak,
  startTransportAgentProcess,
  VirtualCaller,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { afterAll, beforeAll, expect, test } from 'vitest';

let agent: TransportAgentProcess;
beforeAll(async () => {
  agent = await startTransportAgentProcess();
}, 60_000);
afterAll(() => agent.stop());

/** Says it, and waits until the bot has answered and is silent. Gives when the answer began to sound. */
async function say(
  caller: VirtualCaller,
  text: string,
): Promise<{ understood: string; answeredMs: number; responseMs: number }> {
  const pcm = await speak('flite-slt', text);
  const after = caller.events.lastSequence;
  const { endedMs } = await caller.say(pcm);
  const { text: understood } = await caller.untilEvent('transcript-final', { after });
  const { arrivedMs } = await caller.untilSound(endedMs);
  await caller.untilQuiet(1_500, 40_000);
  return { understood, answeredMs: arrivedMs, responseMs: arrivedMs - endedMs };
}

const saidBy = (caller: VirtualCaller, agentName: string): string =>
  caller.events
    .of('bot-heard')
    .filter(({ agent: name }) => name === agentName)
    .map(({ messageId }) =>
      caller.events.of('bot-text').findLast((text) => text.messageId === messageId),
    )
    .map((event) => event?.text ?? '')
    .join(' ');

test('a whole call without a key: greeted, understood, handed over, and helped', async () => {
  const caller = await VirtualCaller.call({ url: agent.url });
  await caller.untilSound(0);
  await caller.untilQuiet(1_500);
  const greeting = caller.heard.recording();

  const need = await say(caller, 'I need help with my order.');
  expect(need.understood).toMatch(/order/);
  await caller.untilEvent('handoff-active', { where: ({ to }) => to === 'support' });
  // The greeter says one more sentence before the support agent speaks.
  const change = await caller.untilEvent('bot-started-speaking', {
    where: ({ agent: name }) => name === 'support',
  });
  const changeMs = caller.events.received.find(({ event }) => event.id === change.id)?.receivedMs;

  const wasLookedUp = (): boolean =>
    caller.events.of('tool-start').some(({ name }) => name === 'look_up_order');
  // As a caller does: a number that was misheard is said again, twice at most.
  for (let attempt = 1; attempt <= 3 && !wasLookedUp(); attempt += 1) {
    const number = await say(caller, 'Where is my order? The number is one zero four two.');
    const confirmed = await say(caller, 'Yes, that is right.');
    expect(number.responseMs).toBeLessThan(5_000);
    expect(confirmed.responseMs).toBeLessThan(5_000);
  }
  expect(wasLookedUp(), caller.events.describe()).toBe(true);
  expect(saidBy(caller, 'support')).not.toBe('');
  expect(caller.events.of('problem')).toEqual([]);

  const greeterHz = medianPitchHz(greeting);
  const supportHz = medianPitchHz(caller.heard.recording(changeMs));
  expect(Math.abs(greeterHz - supportHz)).toBeGreaterThan(40);

  const written = saidBy(caller, 'greeter').toLowerCase();
  const heard = await recognise(greeting);
  const keyWords = ['welcome'].filter((word) => written.includes(word));
  expect(keyWords).not.toEqual([]);
  for (const word of keyWords) expect(heard).toContain(word);

  caller.send({ type: 'end-call' });
  expect(await caller.untilMessage('ended')).toMatchObject({ reason: 'caller-ended' });
  await caller.close();
}, 120_000);

test('words spoken before the connection stood are understood', async () => {
  const firstWords = await speak('flite-slt', 'I need help with my order.');
  const caller = await VirtualCaller.call({ url: agent.url, firstWords });
  const { text } = await caller.untilEvent('transcript-final', {
    where: ({ by }) => by === 'voice',
  });
  expect(text).toMatch(/help.* order/);
  await caller.untilEvent('handoff-accepted', { where: ({ to }) => to === 'support' });
  await caller.close();
}, 60_000);

/** What our own recogniser makes of it. */
async function recognise(pcm: Int16Array): Promise<string> {
  await using recogniser = new OfflineRecogniser({
    program: process.env['VOICEBUS_RECOGNISER_BIN'] ?? '',
    finalTimeoutMs: 20_000,
  });
  const controller = new AbortController();
  const final = Promise.withResolvers<string>();
  const stream = await recogniser.open({
    sessionId: 'the test',
    onResult: ({ type, text }: TranscriptionResult) => {
      if (type === 'final') final.resolve(text);
    },
    onError: (error) => final.reject(error),
    signal: controller.signal,
  });
  stream.startUtterance('greeting');
  stream.write(pcm);
  stream.endUtterance('greeting');
  // Awaited here: the recogniser is closed as soon as this function returns.
  return await final.promise.finally(() => controller.abort());
}
