import { VoicebusError } from '@voicebus/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { within } from '../system/deadline.ts';
import { Message } from './message.ts';
import type { TextToSpeechKind, TextToSpeechUnderTest } from './text-to-speech-under-test.ts';

const sentences = 'Thank you for calling. Your order has left, and it comes on Tuesday. Good-bye!';
/** A person says a character in 40 to 100 ms; pauses and tones may be slower. */
const [shortestMs, longestMs] = [20, 250];

/** How all voices behave, whoever speaks. */
export function describeTextToSpeech({ name, open, limitMs }: TextToSpeechKind): void {
  describe(`text to speech: ${name}`, { timeout: limitMs * 3 }, () => {
    let under: TextToSpeechUnderTest;
    beforeAll(async () => {
      under = await open();
    }, limitMs * 3);
    afterAll(() => under.close(), limitMs);

    const begin = (voice = 'bright'): Message =>
      new Message(under.textToSpeech, { voice, limitMs });
    const say = (text: string, options: { voice?: string; size?: number } = {}): Message =>
      Message.of(under.textToSpeech, text, { ...options, limitMs });
    const toItsEnd = async (message: Message): Promise<Message> => {
      await within(message.ended, limitMs, 'the end of a message');
      expect(message.listeners).toBe(0);
      return message;
    };

    test('gives sound, and marks that grow up to the end of the text', async () => {
      const message = await toItsEnd(say(sentences));
      expect(message.parts[0]?.type).toBe('audio');
      const { marks } = message;
      expect(marks.at(-1)).toBe(sentences.length);
      expect(marks).toEqual([...new Set(marks)].toSorted((one, other) => one - other));
      expect(marks.length).toBeGreaterThan(1);
      expect(message.soundMs / sentences.length).toBeGreaterThan(shortestMs);
      expect(message.soundMs / sentences.length).toBeLessThan(longestMs);
    });

    test('gives samples of one rate that a call can take, and no empty parts', async () => {
      const { parts } = await toItsEnd(say(sentences));
      const audio = parts.filter((part) => part.type === 'audio');
      const rates = new Set(audio.map(({ sampleRateHz }) => sampleRateHz));
      expect(rates.size).toBe(1);
      // What Opus takes without resampling.
      expect([8_000, 12_000, 16_000, 24_000, 48_000]).toContain([...rates][0]);
      for (const { pcm } of audio) {
        expect(pcm).toBeInstanceOf(Int16Array);
        expect(pcm.length).toBeGreaterThan(0);
      }
      expect(audio.some(({ pcm }) => pcm.some((sample) => Math.abs(sample) > 1_000))).toBe(true);
    });

    test('says the same however the text is cut into pieces', async () => {
      const whole = await toItsEnd(say(sentences));
      for (const size of [1, 7]) {
        const cut = await toItsEnd(say(sentences, { size }));
        expect(cut.marks).toEqual(whole.marks);
        expect(cut.soundMs).toBeCloseTo(whole.soundMs, 3);
      }
    });

    test('begins before the text is complete, and marks no more than was given', async () => {
      const message = begin();
      message.write('One moment please. I will');
      await message.untilSound();
      expect(Math.max(0, ...message.marks)).toBeLessThanOrEqual('One moment please. I will'.length);
      message.write(' look.');
      message.finish();
      await toItsEnd(message);
      expect(message.marks.at(-1)).toBe('One moment please. I will look.'.length);
    });

    test('ends without sound where there is no text', async () => {
      const message = await toItsEnd(say(''));
      expect(message.soundMs).toBe(0);
      expect(message.marks.every((mark) => mark === 0)).toBe(true);
    });

    test('has the voices of our agents, which sound differently; an unknown one is an error', async () => {
      expect(under.textToSpeech.voices).toEqual(expect.arrayContaining(['bright', 'deep']));
      const [bright, deep] = [say('Hello there.'), say('Hello there.', { voice: 'deep' })];
      await Promise.all([toItsEnd(bright), toItsEnd(deep)]);
      expect(bright.samples[0]?.subarray(0, 2_000)).not.toEqual(
        deep.samples[0]?.subarray(0, 2_000),
      );
      await expect(say('Hello.', { voice: 'nobody' }).ended).rejects.toMatchObject({
        code: 'invalid-arguments',
      });
    });

    test('ends at once when stopped, also while the text hangs', async () => {
      const message = begin();
      message.write('One moment please. I will look for it. And then');
      await message.untilSound();
      message.stop();
      const before = message.parts.length;
      await toItsEnd(message);
      // One may have been on its way.
      expect(message.parts.length).toBeLessThanOrEqual(before + 1);
    });

    test('says nothing when stopped before it began', async () => {
      const message = begin();
      message.stop();
      await toItsEnd(message);
      expect(message.parts).toEqual([]);
    });

    test('lets go when its reader leaves', async () => {
      const controller = new AbortController();
      const text = hanging('One moment please. And then');
      const options = { sessionId: 's1', text, voice: 'bright', signal: controller.signal };
      const leave = async (): Promise<void> => {
        for await (const part of under.textToSpeech.speak(options))
          if (part.type === 'audio') break;
      };
      await within(leave(), limitMs, 'a reader to leave');
      await toItsEnd(say('And on it goes.'));
    });

    test('gives a slow reader everything, in order', async () => {
      const fast = await toItsEnd(say(sentences));
      const { signal } = new AbortController();
      const text = pieces(sentences);
      const marks: number[] = [];
      let ms = 0;
      for await (const part of under.textToSpeech.speak({
        sessionId: 's1',
        text,
        voice: 'bright',
        signal,
      })) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (part.type === 'mark') marks.push(part.characters);
        else ms += (part.pcm.length * 1000) / part.sampleRateHz;
      }
      expect(marks).toEqual(fast.marks);
      expect(ms).toBeCloseTo(fast.soundMs, 3);
    });

    test('keeps messages that are spoken at once apart', async () => {
      const texts = ['Yes.', 'Your order has left.', sentences];
      const alone = [];
      for (const text of texts) alone.push((await toItsEnd(say(text))).soundMs);
      const together = await Promise.all(texts.map((text) => toItsEnd(say(text))));
      expect(together.map(({ marks }) => marks.at(-1))).toEqual(texts.map(({ length }) => length));
      for (const [index, { soundMs }] of together.entries())
        expect(soundMs).toBeCloseTo(alone[index] ?? 0, 3);
    });

    test('fails where its text does', async () => {
      const { signal } = new AbortController();
      const text = breaking('One moment please. And then');
      const spoken = under.textToSpeech.speak({ sessionId: 's1', text, voice: 'bright', signal });
      const read = async (): Promise<void> => {
        for await (const part of spoken) expect(part).toBeDefined();
      };
      await expect(within(read(), limitMs, 'an error')).rejects.toThrow('the text broke');
    });

    test('fails with an error of ours after what it said, and speaks the next message', async () => {
      if (!under.failNext) return;
      under.failNext();
      const failing = say(sentences);
      const error: unknown = await within(failing.ended, limitMs, 'an error').catch(
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(VoicebusError);
      expect((error as VoicebusError).code).toMatch(
        /^(provider-failed|provider-refused|deadline)$/,
      );
      expect((error as VoicebusError).message).not.toContain('order');
      expect(failing.soundMs).toBeGreaterThan(0);
      expect(failing.marks.at(-1) ?? 0).toBeLessThan(sentences.length);
      expect(failing.listeners).toBe(0);
      await toItsEnd(say('All is well.'));
    });

    test('closes twice', async () => {
      const another = await open();
      await another.textToSpeech[Symbol.asyncDispose]();
      await another.textToSpeech[Symbol.asyncDispose]();
      await another.close();
    });
  });
}

async function* pieces(text: string): AsyncIterable<string> {
  yield text;
}

async function* hanging(text: string): AsyncIterable<string> {
  yield text;
  await new Promise(() => {});
}

async function* breaking(text: string): AsyncIterable<string> {
  yield text;
  throw new Error('the text broke');
}
