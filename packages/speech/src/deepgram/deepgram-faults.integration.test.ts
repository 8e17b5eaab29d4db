import { faultOf, VoicebusError } from '@voicebus/core';
import { encodeWords, FakeClock, silence } from '@voicebus/testing';
import { Caller } from '@voicebus/testing/speech-to-text-conformance';
import {
  DeepgramStandIn,
  type DeepgramFault,
  type DeepgramStandInOptions,
} from '@voicebus/testing/stand-ins/deepgram';
import { afterEach, describe, expect, test } from 'vitest';
import { DeepgramSpeechToText, type DeepgramOptions } from './deepgram.ts';

const limitMs = 10_000;
let standIn: DeepgramStandIn;
let deepgram: DeepgramSpeechToText;
let open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part[Symbol.asyncDispose]();
});

async function begin(
  options: Partial<DeepgramOptions> = {},
  standInOptions: DeepgramStandInOptions = {},
): Promise<void> {
  standIn = await DeepgramStandIn.start(standInOptions);
  // Deadlines are looked at on a clock of the test's own; here they are not to be in the way.
  deepgram = new DeepgramSpeechToText({
    apiKey: standIn.key,
    baseUrl: standIn.url,
    finalTimeoutMs: 5_000,
    answerTimeoutMs: 60_000,
    ...options,
  });
  open = [standIn, deepgram];
}
const call = (): Promise<Caller> => Caller.call(deepgram, limitMs);
const finalsOf = (caller: Caller): string[] =>
  caller.items.flatMap((item) =>
    !(item instanceof Error) && item.type === 'final' ? [item.text] : [],
  );
const errorOf = async (opening: Promise<unknown>): Promise<VoicebusError> => {
  const thrown: unknown = await opening.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof VoicebusError)) throw new Error('It opened, or threw something else.');
  return thrown;
};

describe('before there is a connection', () => {
  test.each([400, 401, 402, 403] as const)('status %i is final, and tried once', async (status) => {
    await begin();
    standIn.faults.push({ when: 'handshake', what: { status } }, null);
    const error = await errorOf(call());
    expect(error.code).toBe('provider-refused');
    expect(error.message).toMatch(/DEEPGRAM_/);
    expect(standIn.connections).toHaveLength(0);
    expect(standIn.faults).toHaveLength(1);
  });

  test("a wrong key is one line with the setting and the service's words, without the key", async () => {
    await begin({ apiKey: 'not-the-right-key-at-all' });
    const { message } = await errorOf(call());
    expect(message).toContain('DEEPGRAM_API_KEY');
    expect(message).toContain('"Invalid credentials"');
    expect(message).not.toMatch(/not-the-right-key|\n/);
  });

  test.each([500, 503, 429] as const)('after status %i once, it is asked again', async (status) => {
    await begin();
    standIn.faults.push({ when: 'handshake', what: { status } });
    const caller = await call();
    caller.say('u1', encodeWords('hello there'));
    expect((await caller.final('u1')).text).toBe('hello there');
  });

  test('who asks for more time than a caller has gets none of it', async () => {
    await begin();
    standIn.faults.push({ when: 'handshake', what: { status: 429 }, retryAfterSeconds: 30 }, null);
    const error = await errorOf(call());
    expect(error.data).toMatchObject({ fault: 'rate-limit', retryAfterMs: 30_000 });
    expect(standIn.faults).toHaveLength(1);
  });

  test('a service that never answers is late', async () => {
    const clock = new FakeClock();
    await begin({ clock });
    standIn.faults.push({ when: 'handshake', what: 'stall' });
    const opening = errorOf(call());
    const error = await clock.until(opening);
    expect(faultOf(error)).toBe('late');
    expect(clock.now()).toBe(3_000);
    expect(clock.pending).toBe(0);
  });

  test('a service that is not there', async () => {
    await begin();
    await standIn[Symbol.asyncDispose]();
    const error = await errorOf(call());
    expect(faultOf(error)).toBe('network');
    expect(error.message).toContain('ECONNREFUSED');
    open = [deepgram];
  });

  test('hanging up while it opens leaves nothing', async () => {
    const clock = new FakeClock();
    await begin({ clock });
    standIn.faults.push({ when: 'handshake', what: 'stall' });
    const abort = new AbortController();
    const never = (): never => {
      throw new Error('It was over.');
    };
    const opening = errorOf(
      deepgram.open({ sessionId: 's', onResult: never, onError: never, signal: abort.signal }),
    );
    await clock.settle();
    abort.abort();
    expect((await opening).code).toBe('aborted');
    expect(clock.pending).toBe(0);
  });
});

const breaks = [
  'cut',
  { close: 1011, reason: 'NET-0000' },
  { close: 1008, reason: 'DATA-0000' },
  { error: 'INTERNAL_SERVER_ERROR', description: 'broken' },
] as const;
const stages: readonly DeepgramFault['when'][] = ['open', { words: 1 }, { words: 3 }, 'end'];
const sentence = 'one two three four five';

describe.each(['flux-general-en', 'nova-3'])('%s breaks', (model) => {
  describe.each(stages)('at %j', (when) => {
    test.each(breaks)('by %j: the next connection hears it all, once', async (what) => {
      await begin({ model });
      standIn.faults.push({ when, what } as DeepgramFault);
      const caller = await call();
      caller.write(silence(200));
      // Ended with its last word, so that the service has to be asked for the end.
      caller.stream.startUtterance('u1');
      caller.write(encodeWords(sentence));
      caller.stream.endUtterance('u1');
      caller.write(silence(100));
      expect((await caller.final('u1')).text).toBe(sentence);
      caller.say('u2', encodeWords('and more'));
      expect((await caller.final('u2')).text).toBe('and more');
      expect(finalsOf(caller)).toEqual([sentence, 'and more']);
      expect(caller.errors).toEqual([]);
      expect(standIn.connections).toHaveLength(2);
      expect(deepgram.counts.droppedMs).toBe(0);
    });

    test.each(['garbage', 'half-json'] as const)(
      'by %s: one message is lost, no word',
      async (what) => {
        const clock = new FakeClock();
        await begin({ model, clock });
        standIn.faults.push({ when, what } as DeepgramFault);
        const caller = await call();
        caller.write(silence(200));
        caller.say('u1', encodeWords(sentence));
        // Where the lost message was the answer, what was heard until then has to do.
        const heard = (): boolean => caller.of('u1').some(({ text }) => text === sentence);
        await caller.until(heard, 'the words');
        await clock.advance(30_000);
        expect((await caller.final('u1')).text).toBe(sentence);
        expect(standIn.connections).toHaveLength(1);
      },
    );
  });

  test('again and again: it is given up, with nothing more', async () => {
    await begin({ model });
    standIn.faults.push(
      ...Array.from({ length: 10 }, () => ({ when: 'open', what: 'cut' }) as const),
    );
    const caller = await call();
    caller.say('u1', encodeWords(sentence));
    await caller.until(() => caller.errors.length > 0, 'the error');
    expect(finalsOf(caller)).toEqual([]);
    expect(caller.errors).toHaveLength(1);
    expect(standIn.connections.length).toBe(4);
    expect(standIn.openConnections).toBe(0);
  });

  test('while nobody speaks: who speaks next is heard', async () => {
    await begin({ model });
    const caller = await call();
    caller.write(silence(500));
    standIn.cut();
    caller.write(silence(200));
    caller.say('u1', encodeWords(sentence));
    expect((await caller.final('u1')).text).toBe(sentence);
  });

  test('what is said while there is no connection is heard by the next', async () => {
    await begin({ model });
    const caller = await call();
    caller.stream.startUtterance('u1');
    caller.write(encodeWords('one two'));
    await caller.until(() => caller.of('u1').length > 0, 'a word');
    standIn.cut();
    for (const word of ['three', 'four', 'five']) caller.write(encodeWords(word));
    caller.write(silence(300));
    caller.stream.endUtterance('u1');
    caller.write(silence(600));
    const { text, words = [] } = await caller.final('u1');
    expect(text).toBe(sentence);
    expect(words.map(({ startMs }) => startMs)).toEqual([0, 200, 400, 600, 800]);
  });

  test('a service that stays and says nothing is late, whoever speaks', async () => {
    const clock = new FakeClock();
    await begin({ model, clock, answerTimeoutMs: 2_500 });
    standIn.faults.push({ when: 'open', what: 'stall' });
    const caller = await call();
    caller.stream.startUtterance('u1');
    caller.write(encodeWords(sentence));
    await clock.advance(6_001);
    expect(caller.items).toEqual([]);
    caller.write(silence(20));
    expect(caller.errors.map((error) => (error as VoicebusError).code)).toEqual(['deadline']);
    expect(clock.pending).toBe(0);
  });

  test('a service that falls silent in the middle of a sentence is late', async () => {
    const clock = new FakeClock();
    await begin({ model, clock, answerTimeoutMs: 2_500 });
    standIn.faults.push({ when: { words: 3 }, what: 'stall' });
    const caller = await call();
    caller.stream.startUtterance('u1');
    caller.write(encodeWords(sentence));
    await caller.until(() => caller.of('u1').some(({ text }) => text === 'one two'), 'two words');
    caller.write(encodeWords('six'));
    await clock.advance(6_001);
    caller.write(silence(20));
    expect(caller.errors.map((error) => (error as VoicebusError).code)).toEqual(['deadline']);
    expect(finalsOf(caller)).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test.each(['open', { words: 2 }] as const)(
    'a service that is slow from %j on is waited for, and heard once',
    async (when) => {
      await begin({ model });
      standIn.faults.push({ when, what: { lateMs: 30 } });
      const caller = await call();
      for (const [id, text] of Object.entries({ u1: sentence, u2: 'and more' })) {
        caller.say(id, encodeWords(text));
        expect((await caller.final(id)).text).toBe(text);
      }
      expect(finalsOf(caller)).toEqual([sentence, 'and more']);
      expect(standIn.connections).toHaveLength(1);
    },
  );

  test('a service that owes the end gives what it had understood', async () => {
    const clock = new FakeClock();
    await begin({ model, clock, finalTimeoutMs: 600 });
    standIn.faults.push({ when: 'end', what: 'stall' });
    const caller = await call();
    caller.stream.startUtterance('u1');
    caller.write(encodeWords(sentence));
    caller.write(silence(400));
    await caller.until(() => caller.of('u1').some(({ text }) => text === sentence), 'the words');
    caller.stream.endUtterance('u1');
    await clock.advance(3_000);
    expect(finalsOf(caller)).toEqual([sentence]);
  });

  test("a late answer changes nothing that was given, and is nobody else's", async () => {
    const clock = new FakeClock();
    await begin({ model, clock, finalTimeoutMs: 600 });
    standIn.faults.push({ when: 'end', what: { lateMs: 20 } });
    const caller = await call();
    caller.stream.startUtterance('u1');
    caller.write(encodeWords('one two'));
    caller.write(silence(400));
    await caller.until(() => caller.of('u1').some(({ text }) => text === 'one two'), 'the words');
    caller.stream.endUtterance('u1');
    await clock.advance(2_000);
    expect(finalsOf(caller)).toEqual(['one two']);
    caller.write(silence(1_000));
    caller.say('u2', encodeWords('three'));
    await caller.until(() => caller.of('u2').some(({ text }) => text === 'three'), 'the word');
    await clock.advance(10_000);
    expect(finalsOf(caller)).toEqual(['one two', 'three']);
  });
});

describe('who only coughs breaks nothing', () => {
  const cough = async (caller: Caller, clock: FakeClock): Promise<void> => {
    caller.write(silence(10_000));
    caller.stream.startUtterance('u1');
    caller.write(silence(300));
    caller.stream.endUtterance('u1');
    // The call goes on, with its sound.
    for (let passedMs = 0; passedMs < 4_000; passedMs += 100) {
      caller.write(silence(100));
      await clock.advance(100);
    }
    expect(finalsOf(caller)).toEqual(['']);
    expect(caller.errors).toEqual([]);
  };

  test('where Flux says nothing about sound outside turns', async () => {
    const clock = new FakeClock();
    await begin({ clock, finalTimeoutMs: 600, answerTimeoutMs: 2_500 }, { reportsSilence: false });
    const caller = await call();
    await clock.advance(20_000);
    await cough(caller, clock);
    caller.say('u2', encodeWords('hello there'));
    expect((await caller.final('u2')).text).toBe('hello there');
    expect(standIn.connections).toHaveLength(1);
  });

  test('where Nova has nothing to finalise and is quiet', async () => {
    const clock = new FakeClock();
    await begin({ model: 'nova-3', clock, finalTimeoutMs: 600, answerTimeoutMs: 6_000 });
    standIn.faults.push({ when: 'end', what: 'stall' });
    const caller = await call();
    await cough(caller, clock);
  });
});
