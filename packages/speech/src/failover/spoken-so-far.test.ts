import type { SpeechPart } from '@voicebus/core';
import { expect, test } from 'vitest';
import { SpokenSoFar } from './spoken-so-far.ts';

const sound = (ms: number): SpeechPart => ({
  type: 'audio',
  pcm: new Int16Array(ms * 8),
  sampleRateHz: 8_000,
});
const mark = (characters: number): SpeechPart => ({ type: 'mark', characters });

const text = 'Your order has left our warehouse yesterday.';

/** The text that is left after these parts. */
function rest(...parts: SpeechPart[]): string {
  const spoken = new SpokenSoFar();
  for (const part of parts) spoken.add(part, 0);
  return text.slice(spoken.goOn(text));
}

test('a voice that breaks off right after a mark leaves everything behind it', () => {
  expect(rest(sound(700), mark(11))).toBe('has left our warehouse yesterday.');
  expect(rest(sound(700), mark(11), sound(60))).toBe('has left our warehouse yesterday.');
});

test('sound behind the last mark counts as spoken, to the end of the word that it reaches', () => {
  expect(rest(sound(700), mark(11), sound(100))).toBe('left our warehouse yesterday.');
  // 300 ms are four and a half characters: into the second word.
  expect(rest(sound(700), mark(11), sound(300))).toBe('our warehouse yesterday.');
  expect(rest(sound(100))).toBe('order has left our warehouse yesterday.');
});

test('a voice with a pace of its own is measured by it', () => {
  // At 200 ms per character 300 ms are in the first word, a second is in the next one.
  expect(rest(sound(4_000), mark(20), sound(300))).toBe('warehouse yesterday.');
  expect(rest(sound(4_000), mark(20), sound(1_000))).toBe('yesterday.');
});

test('no more counts as spoken than was written', () => {
  expect(rest(sound(60_000))).toBe('');
});

test('what one voice began, the next one goes on with', () => {
  const spoken = new SpokenSoFar();
  for (const part of [sound(700), mark(11), sound(100)]) spoken.add(part, 0);
  expect(spoken.goOn(text)).toBe(15);
  expect(spoken.goOn(text)).toBe(15);
  for (const part of [sound(300), mark(5)]) spoken.add(part, 15);
  expect(text.slice(spoken.goOn(text))).toBe('our warehouse yesterday.');
});
