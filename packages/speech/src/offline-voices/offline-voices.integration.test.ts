import type { SpeechPart } from '@voicebus/core';
import { afterAll, expect, test } from 'vitest';
import { OfflineVoices } from './offline-voices.ts';

const voices = new OfflineVoices({ threads: 2 });
afterAll(() => voices[Symbol.asyncDispose]());

async function* pieces(...texts: string[]): AsyncIterable<string> {
  yield* texts;
}

const options = (text: AsyncIterable<string>, voice = 'bright') => {
  const controller = new AbortController();
  return { controller, speak: { sessionId: 's1', text, voice, signal: controller.signal } };
};

async function collect(parts: AsyncIterable<SpeechPart>): Promise<SpeechPart[]> {
  const all: SpeechPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

/** Peak, and the level of what sounds, with full scale = 1. */
function measures(parts: readonly SpeechPart[]) {
  const samples = parts.flatMap((part) => (part.type === 'audio' ? [...part.pcm] : []));
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0) / 32_768;
  const loud = samples.filter((sample) => Math.abs(sample) > 160);
  const level =
    Math.sqrt(loud.reduce((sum, sample) => sum + sample ** 2, 0) / loud.length) / 32_768;
  return { peak, level };
}

const textMarks = (parts: readonly SpeechPart[]) =>
  parts.flatMap((part) => (part.type === 'mark' ? [part.characters] : []));
/** How long it sounds up to that mark, in ms. */
function upTo(parts: readonly SpeechPart[], characters: number): number {
  const end = parts.findIndex((part) => part.type === 'mark' && part.characters === characters);
  const sounds = parts.slice(0, end).filter((part) => part.type === 'audio');
  return sounds.reduce((ms, { pcm, sampleRateHz }) => ms + (pcm.length * 1000) / sampleRateHz, 0);
}

test('speaks clause by clause with a mark after each word, where its sound ends', async () => {
  const text = 'Thank you for calling. Your order 4271 is on its way!';
  const parts = await collect(
    voices.speak(options(pieces(text.slice(0, 30), text.slice(30))).speak),
  );
  const wordEnds = [...text.matchAll(/\S+\s*/g)].map((word) => word.index + word[0].length);
  expect(textMarks(parts)).toEqual(wordEnds);
  // "Your order" is said before its number, which takes longer than both.
  const [before, number] = [upTo(parts, 34), upTo(parts, 39)];
  expect(before).toBeGreaterThan(upTo(parts, 23) + 300);
  expect(number - before).toBeGreaterThan(800);
});

test('the first clause is there while the text still comes', async () => {
  let finish = (): void => {};
  const waiting = new Promise<void>((resolve) => (finish = resolve));
  async function* slowly(): AsyncIterable<string> {
    yield 'One moment please. I will';
    await waiting;
    yield ' look.';
  }
  const parts = voices.speak(options(slowly()).speak)[Symbol.asyncIterator]();
  expect((await parts.next()).value).toMatchObject({ type: 'audio', sampleRateHz: 16_000 });
  finish();
  expect((await parts.next()).value).toEqual({ type: 'mark', characters: 4 });
  await parts.return?.();
});

test('an abort ends at once, also while the text hangs', async () => {
  async function* hanging(): AsyncIterable<string> {
    yield 'Hello there. ';
    await new Promise(() => {});
  }
  const { controller, speak } = options(hanging());
  const parts = collect(voices.speak(speak));
  setTimeout(() => controller.abort(), 5);
  await parts;
});

test('both voices are equally loud and do not clip', async () => {
  const spoken = async (voice: string) => {
    const text = pieces('I am looking at your order right now, please stay with me for a moment.');
    return measures(await collect(voices.speak(options(text, voice).speak)));
  };
  const [bright, deep] = await Promise.all([spoken('bright'), spoken('deep')]);
  expect(Math.abs(20 * Math.log10(bright.level / deep.level))).toBeLessThan(2);
  expect(Math.max(bright.peak, deep.peak)).toBeLessThanOrEqual(0.9);
});

test('an unknown voice is an error, a text without words is silence', async () => {
  await expect(collect(voices.speak(options(pieces('x'), 'nobody').speak))).rejects.toMatchObject({
    code: 'invalid-arguments',
  });
  expect(await collect(voices.speak(options(pieces('😀 ')).speak))).toEqual([
    { type: 'mark', characters: 3 },
  ]);
});

test('the event loop goes on while a long sentence is synthesised', async () => {
  let longestMs = 0;
  const startedMs = performance.now();
  let last = startedMs;
  const timer = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 5);
  await collect(voices.speak(options(pieces('word '.repeat(200))).speak));
  clearInterval(timer);
  // A loop that synthesis blocks would stand still for nearly all of it.
  expect(longestMs).toBeLessThan((performance.now() - startedMs) / 2);
});
