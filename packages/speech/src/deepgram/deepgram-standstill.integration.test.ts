import { encodeWords, FakeClock, silence } from '@voicebus/testing';
import { Caller } from '@voicebus/testing/speech-to-text-conformance';
import { DeepgramStandIn, type DeepgramFault } from '@voicebus/testing/stand-ins/deepgram';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FallbackSpeechToText } from '../failover/fallback-speech-to-text.ts';
import { DeepgramSpeechToText, type DeepgramOptions } from './deepgram.ts';

const sentence = 'one two three four five';
const limitMs = 10_000;
let standIn: DeepgramStandIn;
let deepgram: DeepgramSpeechToText;
const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part[Symbol.asyncDispose]();
});

/** Deepgram alone, as a call has it where `STT` names nobody else. */
async function begin(
  options: Partial<DeepgramOptions>,
  fault: DeepgramFault | null = null,
): Promise<Caller> {
  standIn = await DeepgramStandIn.start();
  standIn.faults.push(fault);
  deepgram = new DeepgramSpeechToText({ apiKey: standIn.key, baseUrl: standIn.url, ...options });
  const clock = options.clock === undefined ? {} : { clock: options.clock };
  const chain = new FallbackSpeechToText({ providers: [deepgram], ...clock });
  open.push(standIn, chain);
  const caller = await Caller.call(chain, limitMs);
  await vi.waitUntil(() => deepgram.counts.connections === 1, limitMs);
  return caller;
}

/** Nothing of this process runs for so long: neither its timers, nor what reads its sockets. */
function standStill(durationMs: number): void {
  const untilMs = performance.now() + durationMs;
  while (performance.now() < untilMs);
}

describe.each(['flux-general-en', 'nova-3'])('%s, while this process stood still', (model) => {
  test('gave the final, which is read late and counts', async () => {
    const clock = new FakeClock();
    const caller = await begin({ model, clock });
    caller.write(silence(200));
    caller.stream.startUtterance('u1');
    caller.write(encodeWords(sentence));
    caller.stream.endUtterance('u1');
    clock.standStill(15_000);
    expect((await caller.final('u1')).text).toBe(sentence);
    expect(caller.errors).toEqual([]);
    expect(standIn.connections).toHaveLength(1);
  });

  test('heard half of a sentence: it is not blamed before it was read, and hears the rest', async () => {
    const clock = new FakeClock();
    const caller = await begin({ model, clock });
    caller.stream.startUtterance('u1');
    caller.write(encodeWords('one two three'));
    clock.standStill(15_000);
    caller.write(encodeWords('four five'));
    caller.write(silence(300));
    caller.stream.endUtterance('u1');
    caller.write(silence(600));
    expect((await caller.final('u1')).text).toBe(sentence);
    expect(caller.errors).toEqual([]);
    expect(standIn.connections).toHaveLength(1);
  });

  test('went away: another connection hears the whole sentence', async () => {
    const clock = new FakeClock();
    const caller = await begin({ model, clock });
    caller.stream.startUtterance('u1');
    caller.write(encodeWords('one two three'));
    await caller.until(() => caller.of('u1').length > 0, 'a word');
    standIn.cut();
    clock.standStill(15_000);
    caller.write(encodeWords('four five'));
    await vi.waitUntil(async () => {
      await clock.advance(20);
      return deepgram.counts.connections === 2;
    }, limitMs);
    caller.write(silence(300));
    caller.stream.endUtterance('u1');
    expect((await caller.final('u1')).text).toBe(sentence);
    expect(caller.errors).toEqual([]);
  });
});

test('so it is on the clock and the event loop of a real process, too', async () => {
  const callers = [await begin({ model: 'flux-general-en' }), await begin({ model: 'nova-3' })];
  for (const caller of callers) {
    caller.stream.startUtterance('u1');
    caller.write(encodeWords('one two'));
    await caller.until(() => caller.of('u1').length > 0, 'a word');
  }
  for (const caller of callers) {
    caller.write(encodeWords('three'));
    caller.stream.endUtterance('u1');
  }
  // 600 ms and the 600 of the sound are over before the stand-in, which is in this process, can answer.
  standStill(1_700);
  for (const caller of callers) expect((await caller.final('u1')).text).toBe('one two three');
});

test('a service that stays silent is left all the same, and heard anew by the sound that was kept', async () => {
  const clock = new FakeClock();
  const caller = await begin({ clock }, { when: { words: 3 }, what: 'stall' });
  caller.stream.startUtterance('u1');
  caller.write(encodeWords(sentence));
  await caller.until(() => caller.of('u1').some(({ text }) => text === 'one two'), 'two words');
  caller.write(encodeWords('six'));
  clock.standStill(15_000);
  caller.write(silence(20));
  expect(standIn.connections).toHaveLength(1);
  await clock.advance(6_001);
  caller.write(silence(300));
  caller.stream.endUtterance('u1');
  caller.write(silence(600));
  expect((await caller.final('u1')).text).toBe(`${sentence} six`);
  expect(standIn.connections).toHaveLength(2);
});
