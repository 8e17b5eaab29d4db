import { expect, test } from 'vitest';
import { AudioHistory } from './audio-history.ts';

test('keeps the newest samples up to its capacity, and gives them once', () => {
  const history = new AudioHistory(5);
  const buffer = Int16Array.of(1, 2, 3);
  history.write(buffer);
  buffer.fill(9);
  history.write(Int16Array.of(4));
  expect([...history.take()]).toEqual([1, 2, 3, 4]);
  expect([...history.take()]).toEqual([]);
  for (let at = 0; at < 20; at += 2) history.write(Int16Array.of(at, at + 1));
  expect([...history.take()]).toEqual([15, 16, 17, 18, 19]);
});
