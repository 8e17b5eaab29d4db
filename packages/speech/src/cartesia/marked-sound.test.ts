import type { SpeechPart } from '@voicebus/core';
import { expect, test } from 'vitest';
import { MarkedSound } from './marked-sound.ts';
import { PcmSamples } from './pcm-samples.ts';

/** A thousand samples a second: a sample is a millisecond. */
const open = (text: string) => {
  const sound = new MarkedSound(1_000);
  sound.given(text);
  return sound;
};
const told = (parts: readonly SpeechPart[]) =>
  parts.map((part) => (part.type === 'mark' ? `mark ${part.characters}` : part.pcm.length));
const word = (text: string, startMs: number, endMs: number) => ({ text, startMs, endMs });
const samples = (count: number) => new Int16Array(count);

test('sound is cut behind each word, without a copy', () => {
  const sound = open('one two');
  expect(told(sound.words([word('one', 0, 30), word('two', 40, 100)], 1))).toEqual([]);
  const pcm = samples(80);
  const parts = sound.sound(pcm, 1);
  expect(told(parts)).toEqual([30, 'mark 4', 50]);
  expect(parts.every((part) => part.type === 'mark' || part.pcm.buffer === pcm.buffer)).toBe(true);
  expect(sound.isSpokenTo(7)).toBe(false);
  expect(told(sound.sound(samples(40), 1))).toEqual([20, 'mark 7', 20]);
  expect(sound.isSpokenTo(7)).toBe(true);
});

test('sound does not wait for its times', () => {
  const sound = open('one two');
  expect(told(sound.sound(samples(100), 1))).toEqual([100]);
  expect(told(sound.words([word('one', 0, 30), word('two', 40, 120)], 1))).toEqual(['mark 4']);
  expect(told(sound.sound(samples(100), 1))).toEqual([20, 'mark 7', 80]);
});

test('a new context, and a clock that a flush started anew, are timed from where they begin', () => {
  const sound = open('one two three four');
  sound.words([word('one', 0, 500)], 1);
  expect(told(sound.sound(samples(600), 1))).toEqual([500, 'mark 4', 100]);
  sound.words([word('two', 0, 500)], 2);
  expect(told(sound.sound(samples(600), 2))).toEqual([500, 'mark 8', 100]);
  // Its times come after some of its sound.
  expect(told(sound.sound(samples(100), 3))).toEqual([100]);
  sound.words([word('three', 0, 500)], 3);
  expect(told(sound.sound(samples(500), 3))).toEqual([400, 'mark 14', 100]);
  sound.restart();
  sound.words([word('four', 0, 50)], 1);
  expect(told(sound.sound(samples(60), 1))).toEqual([50, 'mark 18', 10]);
});

test('marks never go back, and what is over is marked whole', () => {
  const sound = open('it costs $5 now');
  sound.words([word('it', 0, 100), word('costs', 100, 900)], 1);
  expect(told(sound.sound(samples(300), 1))).toEqual([100, 'mark 3', 200]);
  expect(told(sound.spokenTo(15))).toEqual(['mark 15']);
  expect(told(sound.spokenTo(9))).toEqual([]);
  expect(told(sound.sound(samples(700), 1))).toEqual([700]);
});

test('samples are views of the bytes, also where a message ends within one', () => {
  const whole = Int16Array.from({ length: 50 }, (_, index) => index * 600 - 15_000);
  const bytes = new Uint8Array(whole.buffer);
  const reader = new PcmSamples();
  const even = reader.take(bytes.subarray(0, 20));
  expect(even.buffer).toBe(whole.buffer);
  const cuts = [20, 33, 34, 61, 100];
  const rest = cuts.slice(1).map((end, index) => reader.take(bytes.subarray(cuts[index], end)));
  expect([...even, ...rest.flatMap((samples) => [...samples])]).toEqual([...whole]);
});
