import { expect, test } from 'vitest';
import { SoundClock } from './sound-clock.ts';

test("a connection's time is the call's, over what was left out", () => {
  const clock = new SoundClock();
  const piece = (start: number, count: number) => ({ start, pcm: new Int16Array(count) });
  expect(clock.toCallMs(5)).toBe(5);
  clock.sent(piece(16_000, 1_600));
  clock.sent(piece(17_600, 1_600));
  expect(clock.toCallMs(0)).toBe(1_000);
  expect(clock.toCallMs(150)).toBe(1_150);
  clock.sent(piece(32_000, 1_600));
  expect(clock.toCallMs(199)).toBe(1_199);
  expect(clock.toCallMs(250)).toBe(2_050);
});
