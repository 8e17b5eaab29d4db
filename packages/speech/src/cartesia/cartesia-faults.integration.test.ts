import type { VoicebusError } from '@voicebus/core';
import type { ConnectFault, ContextFault } from '@voicebus/testing/stand-ins/cartesia';
import { afterEach, describe, expect, it } from 'vitest';
import type { CartesiaVoicesOptions } from './cartesia-voices.ts';
import { WrittenText, type Spoken } from '../test-speech/spoken.ts';
import { VoicesUnderTest } from './test-voices.ts';

let under: VoicesUnderTest | undefined;
afterEach(async () => {
  await under?.[Symbol.asyncDispose]();
  expect(under?.clock.pending ?? 0).toBe(0);
  under = undefined;
});

async function open(options?: Partial<CartesiaVoicesOptions>): Promise<VoicesUnderTest> {
  under = await VoicesUnderTest.open({}, options);
  return under;
}

const text = 'This is the first sentence of three. This is the second. And the third.';

/** How it ended; the deadline for a service that stalls passes once it does. */
async function outcome(it: VoicesUnderTest, spoken: Spoken): Promise<VoicebusError | null> {
  await it.standIn.until(() => it.standIn.faultsLeft === 0 && it.standIn.liveContexts === 0);
  if (it.standIn.contexts.some(({ context }) => context.isStalled)) await it.passUntil(spoken);
  return spoken.ended;
}

const faultOf = (error: VoicebusError | null): unknown => error?.data['fault'] ?? null;

/** The next message is spoken to its end: nothing of the fault is left. */
async function expectWell(it: VoicesUnderTest): Promise<void> {
  const spoken = it.speak('All is well.');
  expect(await spoken.ended).toBeNull();
  expect(spoken.marks.at(-1)?.characters).toBe(12);
  expect(it.voices.contexts).toBe(0);
}

const faults: readonly [ContextFault, string][] = [
  ['cut', 'network'],
  ['close', 'network'],
  ['stall', 'late'],
  ['garbage', 'garbled'],
  ['half-json', 'garbled'],
  ['no-data', 'garbled'],
  [429, 'rate-limit'],
  [500, 'overloaded'],
];

describe.each(faults)('a service that does "%s"', (fault, expected) => {
  it('before the first sound is an error, and nothing was given', async () => {
    const it = await open();
    it.standIn.failContext('before', fault);
    const spoken = it.speak(text);
    expect(faultOf(await outcome(it, spoken))).toBe(expected);
    expect(spoken.parts).toEqual([]);
    await expectWell(it);
  });

  it('in the middle is an error after what it said before', async () => {
    const it = await open();
    it.standIn.failContext('middle', fault);
    const spoken = it.speak(text);
    expect(faultOf(await outcome(it, spoken))).toBe(expected);
    const characters = spoken.marks.at(-1)?.characters ?? 0;
    expect(characters).toBeLessThanOrEqual('This is the '.length);
    await expectWell(it);
  });

  it('after its last word has said everything', async () => {
    const it = await open();
    it.standIn.failContext('end', fault);
    const spoken = it.speak(text);
    await spoken.until(({ marks }) => marks.at(-1)?.characters === text.length);
    expect(await outcome(it, spoken)).toBeNull();
    expect(spoken.cutsOf(text).join('')).toBe(text);
    await expectWell(it);
  });
});

const connectFaults: readonly [ConnectFault, string, RegExp][] = [
  ['cut', 'network', /^Cartesia is not reached: /],
  ['stall', 'late', /^Cartesia did not answer within 2000 ms/],
  [
    401,
    'key',
    /^Cartesia refused CARTESIA_API_KEY: "Unauthorized: The API key is not valid"\. Make a new key at https/,
  ],
  [
    402,
    'quota',
    /^Cartesia has nothing left on the account of CARTESIA_API_KEY: "Credits exhausted/,
  ],
  [429, 'rate-limit', /^Cartesia takes no more at once from this account: "Too many concurrent/],
  [500, 'overloaded', /^Cartesia cannot speak now \(status 500, internal_error\)\.$/],
];

describe.each(connectFaults)('a connection that meets "%s"', (fault, expected, message) => {
  it('is an error that says what helps; the next one works', async () => {
    const it = await open();
    // The one that is opened in advance, and the one that the first clause asks for.
    for (let times = 0; times < 2; times += 1) it.standIn.failConnect(fault);
    const spoken = it.speak('Hello there.');
    await it.standIn.until(() => it.standIn.handshakes.length > 0);
    if (fault === 'stall') await it.passUntil(spoken);
    const error = await spoken.ended;
    expect(faultOf(error)).toBe(expected);
    expect(error?.message).toMatch(message);
    expect(error?.message).not.toContain(it.standIn.apiKey);
    while (it.standIn.faultsLeft > 0)
      await Promise.allSettled([it.voices.warmUp(), it.clock.advance(2_000)]);
    await expectWell(it);
  });
});

it('a refused connection says how long to wait, where the service does', async () => {
  const it = await open();
  it.standIn.failConnect(429);
  await expect(it.voices.warmUp()).rejects.toMatchObject({ data: { retryAfterMs: 2_000 } });
});

it('nobody knocks with a refused key again until somebody is to be spoken to', async () => {
  const it = await open({ apiKey: 'sk_car_wrong_one' });
  await expect(it.voices.warmUp()).rejects.toMatchObject({
    code: 'provider-refused',
    message: expect.stringContaining('CARTESIA_API_KEY'),
  });
  await it.clock.advance(600_000);
  expect(it.standIn.handshakes).toHaveLength(1);
});

it('a service that is down is tried again, more and more seldom, until it is there', async () => {
  const it = await open();
  for (let times = 0; times < 3; times += 1) it.standIn.failConnect('cut');
  await expect(it.voices.warmUp()).rejects.toMatchObject({ isRetryable: true });
  for (const delayMs of [500, 1_000, 2_000]) {
    const before = it.standIn.handshakes.length;
    await it.clock.advance(delayMs - 1);
    expect(it.standIn.handshakes).toHaveLength(before);
    await it.clock.advance(1);
    await it.standIn.until(() => it.standIn.handshakes.length === before + 1);
    // The refusal has come back when the next try is planned.
    if (delayMs < 2_000) while (it.clock.pending !== 1 || it.voices.isConnecting) await tick();
  }
  await it.standIn.until(() => it.standIn.connections === 1);
});

it('an unknown voice is a setting to correct', async () => {
  under = await VoicesUnderTest.open({ unknownVoices: ['nobody'] }, { voices: { deep: 'nobody' } });
  const error = await under.speak('Hello.', 'deep').ended;
  expect(faultOf(error)).toBe('setting');
  expect(error?.message).toMatch(/CARTESIA_VOICE_DEEP.*"Voice not found/);
  await expectWell(under);
});

it('a service that says nothing is given up in time, also while more and more text comes', async () => {
  const it = await open();
  await it.voices.warmUp();
  it.standIn.failContext('before', 'stall');
  const written = new WrittenText();
  const spoken = it.speak(written);
  const contexts = it.standIn.contexts;
  for (let sentence = 1; sentence <= 4; sentence += 1) {
    written.write('One more sentence. And ');
    // Each sentence and its flush have reached the service.
    await it.standIn.until(() => (contexts[0]?.requests.length ?? 0) >= sentence * 2);
    await it.clock.advance(500);
  }
  await it.clock.advance(100);
  expect(faultOf(await spoken.ended)).toBe('late');
});

it('a message that fails takes no other with it where only its context failed', async () => {
  const it = await open();
  await it.voices.warmUp();
  it.standIn.failContext('middle', 500);
  const [failing, well] = [it.speak(text), it.speak(text)];
  expect(faultOf(await failing.ended)).toBe('overloaded');
  expect(await well.ended).toBeNull();
  expect(it.standIn.handshakes).toHaveLength(1);
});

it('a connection that went silent is replaced: the next message does not wait for it', async () => {
  const it = await open();
  it.standIn.failContext('before', 'stall');
  expect(faultOf(await outcome(it, it.speak(text)))).toBe('late');
  await it.standIn.until(() => it.standIn.connections === 0);
  await expectWell(it);
  expect(it.standIn.handshakes).toHaveLength(2);
});

function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
