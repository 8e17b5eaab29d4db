import { expect, test } from 'vitest';
import { CaptureClock } from './capture-clock.ts';

test('jitter makes packets late and never moves the time of capture', () => {
  const clock = new CaptureClock();
  const delays = [40, 10, 90, 10, 35, 200, 10];
  const captured = delays.map((delayMs, index) =>
    clock.captured(index * 960, 1_000 + index * 20 + delayMs),
  );
  // The first ones cannot know better; from the first fast packet on it is exact.
  expect(captured.slice(1)).toEqual([1_030, 1_050, 1_070, 1_090, 1_110, 1_130]);
});

test('goes on across the wrap-around of the timestamp', () => {
  const clock = new CaptureClock();
  clock.captured(0xffff_fe20, 500);
  expect(clock.captured(0xffff_fe20 + 960 - 2 ** 32, 520)).toBe(520);
});

test('follows a sender whose clock is slow', () => {
  const clock = new CaptureClock();
  let captured = 0;
  // One part in a thousand: a minute later it is 60 ms behind, and is believed within five seconds.
  for (let index = 0; index < 3_000; index += 1)
    captured = clock.captured(index * 960, index * 20.02);
  expect(Math.abs(captured - 2_999 * 20.02)).toBeLessThan(6);
});

test('a microphone that stood still is no late packet', () => {
  const clock = new CaptureClock();
  for (let index = 0; index < 50; index += 1) clock.captured(index * 960, index * 20);
  expect(clock.captured(50 * 960, 50 * 20 + 8_000)).toBe(9_000);
});

test('another stream starts anew', () => {
  const clock = new CaptureClock();
  clock.captured(3_000_000_000, 100);
  clock.reset();
  expect(clock.captured(5, 700)).toBe(700);
});
