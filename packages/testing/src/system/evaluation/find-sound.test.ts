import { expect, test } from 'vitest';
import { noise } from '../sound/sounds.ts';
import { findSound } from './find-sound.ts';

test('a piece is found where it was taken from, also quieter and with something over it', () => {
  const whole = noise(32_000, 8_000);
  const disturbance = noise(4_800, 500, 3);
  const piece = whole
    .subarray(9_600, 14_400)
    .map((sample, index) => Math.round(sample / 2 + (disturbance[index] ?? 0)));
  const { atMs, likeness } = findSound(whole, piece);
  expect(atMs).toBe(600);
  expect(likeness).toBeGreaterThan(0.9);
});

test('what is not in it is like nothing in it', () => {
  expect(findSound(noise(32_000, 8_000), noise(4_800, 8_000, 2)).likeness).toBeLessThan(0.3);
});
