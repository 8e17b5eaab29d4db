import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { silence } from '../spoken-words.ts';
import { Caller } from './caller.ts';
import type { SpeechToTextKind, SpeechToTextUnderTest } from './speech-to-text-under-test.ts';

/** What callers say here: in every recogniser's vocabulary, and unlike each other. */
const [question, wish] = ['where is my order', 'I would like to return my shoes'];

/** How every recogniser behaves, whoever understands. */
export function describeSpeechToText({ name, open, limitMs }: SpeechToTextKind): void {
  describe(`speech to text: ${name}`, { timeout: limitMs * 3 }, () => {
    let under: SpeechToTextUnderTest;
    let asking: Int16Array = new Int16Array(0);
    let wishing: Int16Array = new Int16Array(0);
    /** One call with many utterances, as calls are; what needs a call of its own makes one. */
    let caller: Caller;
    const callers: Caller[] = [];
    /** Unlike any other in this call. */
    let count = 0;
    const nextId = (): string => `u${(count += 1)}`;
    const call = async (): Promise<Caller> => {
      const made = await Caller.call(under.speechToText, limitMs);
      callers.push(made);
      return made;
    };
    beforeAll(async () => {
      under = await open();
      asking = await under.speak(question);
      wishing = await under.speak(wish);
      caller = await Caller.call(under.speechToText, limitMs);
    }, limitMs * 3);
    afterEach(() => {
      for (const made of callers.splice(0)) made.hangUp();
    });
    afterAll(async () => {
      await under.close();
    }, limitMs);

    test('gives interims in order, then exactly one final with what was said', async () => {
      const u1 = nextId();
      caller.say(u1, asking);
      const final = await caller.final(u1);
      expect(plain(final.text)).toBe(question);
      const types = caller.of(u1).map(({ type }) => type);
      expect(types.at(-1)).toBe('final');
      expect(types.filter((type) => type === 'final')).toHaveLength(1);
      const interims = caller.of(u1).filter(({ type }) => type === 'interim');
      expect(interims.length).toBeGreaterThan(0);
      for (const { text } of interims) expect(text).not.toBe('');
    });

    test('hears what was said just before it was noticed', async () => {
      const u1 = nextId();
      caller.write(silence(1_000));
      const lateSamples = 3_200;
      caller.write(asking.subarray(0, lateSamples));
      caller.say(u1, asking.subarray(lateSamples));
      expect(plain((await caller.final(u1)).text)).toBe(question);
    });

    test('keeps utterances apart', async () => {
      const [u1, u2] = [nextId(), nextId()];
      caller.say(u1, asking);
      await caller.final(u1);
      caller.say(u2, wishing);
      expect(plain((await caller.final(u2)).text)).toContain('return my shoes');
      const last = caller.of(u1).at(-1);
      expect(last?.type).toBe('final');
      expect(caller.items.indexOf(last ?? new Error('none'))).toBeLessThan(
        caller.items.indexOf(caller.of(u2)[0] ?? new Error('none')),
      );
    });

    test('answers who goes on speaking before the first final is there', async () => {
      const [u1, u2] = [nextId(), nextId()];
      caller.stream.startUtterance(u1);
      caller.write(asking);
      caller.write(silence(300));
      caller.stream.endUtterance(u1);
      caller.write(silence(100));
      caller.say(u2, wishing);
      expect(plain((await caller.final(u1)).text)).toBe(question);
      expect(plain((await caller.final(u2)).text)).toContain('return my shoes');
      expect(plain((await caller.final(u2)).text)).not.toContain('order');
    });

    test('ends an utterance that was left open when the next one begins', async () => {
      const [u1, u2] = [nextId(), nextId()];
      caller.stream.startUtterance(u1);
      caller.write(asking);
      caller.write(silence(500));
      caller.say(u2, asking);
      caller.stream.endUtterance(u1);
      await caller.final(u1);
      await caller.final(u2);
      const finals = caller.items.flatMap((item) =>
        !(item instanceof Error) && item.type === 'final' ? [item.utteranceId] : [],
      );
      expect(finals.slice(-2)).toEqual([u1, u2]);
    });

    test('has a final for silence, too: nothing', async () => {
      const u1 = nextId();
      caller.say(u1, silence(600));
      expect((await caller.final(u1)).text).toBe('');
    });

    test('answers once to an end that is said twice, and never to a strange one', async () => {
      const [u1, u2] = [nextId(), nextId()];
      caller.stream.endUtterance('nobody');
      caller.say(u1, asking);
      caller.stream.endUtterance(u1);
      await caller.final(u1);
      caller.say(u2, asking);
      await caller.final(u2);
      expect(caller.of('nobody')).toEqual([]);
      expect(caller.of(u1).filter(({ type }) => type === 'final')).toHaveLength(1);
    });

    test('says when each word was said, if it says it at all', async () => {
      const u1 = nextId();
      caller.write(silence(2_000));
      caller.say(u1, asking);
      const { words = [], confidence = 0.5, text } = await caller.final(u1);
      const lengthMs = asking.length / 16 + 300;
      let lastMs = 0;
      for (const word of words) {
        expect(word.startMs).toBeGreaterThanOrEqual(lastMs);
        expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
        // An utterance's sound may count from the 300 ms before it was noticed.
        expect(word.endMs).toBeLessThanOrEqual(lengthMs + 300);
        lastMs = word.startMs;
      }
      if (words.length > 0) expect(words.map((word) => word.text).join(' ')).toBe(text);
      expect(confidence).toBeGreaterThan(0);
      expect(confidence).toBeLessThanOrEqual(1);
    });

    test('takes a minute of sound at once, and is still there afterwards', async () => {
      const u1 = nextId();
      const minute = silence(60_000);
      // Nothing is awaited in between: whatever it cannot send or decode yet, it keeps or drops.
      caller.write(minute);
      caller.say(u1, asking);
      expect(plain((await caller.final(u1)).text)).toBe(question);
      expect(caller.errors).toEqual([]);
    });

    test('serves several callers at once, each with their own words', async () => {
      const [first, second] = [await call(), await call()];
      first.say('u1', asking);
      second.say('u1', wishing);
      expect(plain((await first.final('u1')).text)).toBe(question);
      expect(plain((await second.final('u1')).text)).toContain('return my shoes');
    });

    test('says nothing more to who has hung up, and closes twice', async () => {
      const [gone, there] = [await call(), await call()];
      gone.stream.startUtterance('u1');
      gone.write(asking);
      gone.stream.endUtterance('u1');
      const before = gone.items.length;
      gone.hangUp();
      await gone.stream[Symbol.asyncDispose]();
      await gone.stream[Symbol.asyncDispose]();
      gone.say('u2', asking);
      there.say('u1', asking);
      await there.final('u1');
      expect(gone.items.length).toBe(before);
    });

    test('opens nothing for a call that is over', async () => {
      const nothing = (): void => {
        throw new Error('It was over.');
      };
      const signal = AbortSignal.abort();
      const opening = under.speechToText.open({
        sessionId: 'session-1',
        onResult: nothing,
        onError: nothing,
        signal,
      });
      await expect(opening).rejects.toMatchObject({ code: 'aborted' });
    });

    test('that breaks says so once, and then nothing', async (context) => {
      if (under.breakDown === null) return context.skip();
      const u1 = nextId();
      caller.stream.startUtterance(u1);
      caller.write(asking);
      under.breakDown();
      caller.write(silence(200));
      await caller.until(() => caller.errors.length > 0, 'the error');
      const { length } = caller.items;
      caller.stream.endUtterance(u1);
      caller.say(nextId(), asking);
      expect(caller.errors).toHaveLength(1);
      expect(caller.items).toHaveLength(length);
    });

    test('that is closed opens no more', async () => {
      await under.speechToText[Symbol.asyncDispose]();
      await under.speechToText[Symbol.asyncDispose]();
      await expect(call()).rejects.toMatchObject({ code: 'closed' });
    });
  });
}

/** Words alone: whether "Where is my order?" has its question mark is each recogniser's own. */
function plain(text: string): string {
  return text
    .replaceAll(/[^\p{L}\p{N}' ]/gu, '')
    .trim()
    .replace(/^\p{Lu}(?=\p{Ll})/u, (letter) => letter.toLowerCase());
}
