import type { CircuitChange } from '@voicebus/core';
import { encodeWords, FakeClock, ScriptedSpeechToText, silence } from '@voicebus/testing';
import { Caller } from '@voicebus/testing/speech-to-text-conformance';
import { DeepgramStandIn, type DeepgramFault } from '@voicebus/testing/stand-ins/deepgram';
import { afterEach, describe, expect, test } from 'vitest';
import { DeepgramSpeechToText } from '../deepgram/deepgram.ts';
import { FallbackSpeechToText } from './fallback-speech-to-text.ts';

const limitMs = 10_000;
const sentence = 'one two three four five';
let standIn: DeepgramStandIn;
let chain: FallbackSpeechToText;
let changes: CircuitChange[];
afterEach(async () => {
  await chain[Symbol.asyncDispose]();
  await standIn[Symbol.asyncDispose]();
});

async function begin({ model = 'flux-general-en', clock = null as FakeClock | null } = {}) {
  standIn = await DeepgramStandIn.start();
  changes = [];
  const timed = clock === null ? {} : { clock };
  const deepgram = new DeepgramSpeechToText({
    apiKey: standIn.key,
    baseUrl: standIn.url,
    model,
    finalTimeoutMs: 5_000,
    ...timed,
  });
  const second = new ScriptedSpeechToText(timed);
  chain = new FallbackSpeechToText({
    providers: [deepgram, second],
    onChange: (change) => changes.push(change),
    finalTimeoutMs: 10_000,
    ...timed,
  });
  return { second };
}
const gone = (count: number): DeepgramFault[] =>
  Array.from({ length: count }, () => ({ when: 'handshake', what: { status: 503 } }));
const finalsOf = (caller: Caller): string[] =>
  caller.items.flatMap((item) =>
    !(item instanceof Error) && item.type === 'final' ? [item.text] : [],
  );

describe.each(['flux-general-en', 'nova-3'])('%s with another behind it', (model) => {
  const ways = [
    'cut',
    { close: 1011, reason: 'NET-0000' },
    { error: 'INTERNAL_SERVER_ERROR', description: 'broken' },
  ] as const;
  const stages = ['open', { words: 2 }, 'end'] as const;
  test.each(stages.flatMap((when) => ways.map((what) => [when, what] as const)))(
    'dies for good at %j by %j: the utterance is heard by the other, once',
    async (when, what) => {
      const { second } = await begin({ model });
      standIn.faults.push({ when, what }, ...gone(20));
      const caller = await Caller.call(chain, limitMs);
      caller.write(silence(500));
      // Ended with its last word, so that the service has to be asked for the end.
      caller.stream.startUtterance('u1');
      caller.write(encodeWords(sentence));
      caller.stream.endUtterance('u1');
      caller.write(silence(100));
      expect((await caller.final('u1')).text).toBe(sentence);
      expect(second.utterances).toHaveLength(1);
      caller.say('u2', encodeWords('and more'));
      expect((await caller.final('u2')).text).toBe('and more');
      expect(finalsOf(caller)).toEqual([sentence, 'and more']);
      expect(caller.errors).toEqual([]);
    },
  );

  test('stays and says nothing: the other has heard it from its beginning', async () => {
    const clock = new FakeClock();
    await begin({ model, clock });
    standIn.faults.push({ when: { words: 2 }, what: 'stall' });
    const caller = await Caller.call(chain, limitMs);
    caller.stream.startUtterance('u1');
    caller.write(encodeWords('one two three'));
    await caller.until(() => caller.of('u1').length > 0, 'the first word');
    caller.write(encodeWords('four'));
    await clock.advance(6_100);
    caller.write(encodeWords('five'));
    await clock.settle();
    caller.stream.endUtterance('u1');
    expect(finalsOf(caller)).toEqual([sentence]);
  });
});

test.each([402, 403, 500, 503, 'stall'] as const)(
  'a connection that meets %j: who speaks is heard by the other',
  async (how) => {
    const clock = new FakeClock();
    const { second } = await begin({ clock });
    const what = how === 'stall' ? how : { status: how };
    standIn.faults.push(
      ...Array.from({ length: 20 }, () => ({ when: 'handshake', what }) as const),
    );
    const caller = await Caller.call(chain, limitMs);
    caller.say('u1', encodeWords(sentence));
    while (finalsOf(caller).length === 0) {
      // What is on its way over the network arrives before the next deadline passes.
      for (let rounds = 0; rounds < 20; rounds += 1)
        await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(100);
    }
    expect(finalsOf(caller)).toEqual([sentence]);
    expect(second.utterances).toHaveLength(1);
    expect(caller.errors).toEqual([]);
  },
);

test('a key that is refused is asked about once, whoever calls, and named', async () => {
  await begin();
  standIn.faults.push({ when: 'handshake', what: { status: 401 } }, ...gone(5));
  for (const text of ['hello there', 'good morning']) {
    const caller = await Caller.call(chain, limitMs);
    caller.say('u1', encodeWords(text));
    expect((await caller.final('u1')).text).toBe(text);
    caller.hangUp();
  }
  expect(standIn.faults).toHaveLength(5);
  expect(changes).toHaveLength(1);
  expect(changes[0]?.error?.message).toContain('DEEPGRAM_API_KEY');
});
