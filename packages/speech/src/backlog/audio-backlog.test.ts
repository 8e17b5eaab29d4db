import { expect, test } from 'vitest';
import { AudioBacklog, chunkSamples } from './audio-backlog.ts';

const numbered = (from: number, count: number): Int16Array =>
  Int16Array.from({ length: count }, (_, index) => from + index);

test('sound comes out as it went in, in chunks, whatever size it was written in', () => {
  const backlog = new AudioBacklog(100_000);
  for (let at = 0; at < 3_000; at += 300) backlog.write(numbered(at, 300));
  expect(backlog.next(0)).toEqual({ start: 0, pcm: numbered(0, chunkSamples) });
  expect(backlog.next(1_280)?.pcm).toEqual(numbered(1_280, chunkSamples));
  expect(backlog.next(2_560)).toBeNull();
  backlog.flush();
  expect(backlog.next(2_560)?.pcm).toEqual(numbered(2_560, 440));
  expect(backlog.next(100)?.pcm).toEqual(numbered(100, chunkSamples - 100));
  expect(backlog.end).toBe(3_000);
});

test('who writes may use the buffer again', () => {
  const backlog = new AudioBacklog(100_000);
  const buffer = numbered(0, 320);
  backlog.write(buffer);
  buffer.fill(-1);
  backlog.flush();
  expect(backlog.next(0)?.pcm).toEqual(numbered(0, 320));
});

test('the oldest goes where there is no room, and is counted', () => {
  const backlog = new AudioBacklog(chunkSamples * 3);
  backlog.write(numbered(0, chunkSamples * 5));
  expect(backlog.dropped).toBe(chunkSamples * 2);
  expect(backlog.next(0)?.start).toBe(chunkSamples * 2);
});

test('what nobody needs any more is forgotten', () => {
  const backlog = new AudioBacklog(100_000);
  backlog.write(numbered(0, chunkSamples * 3));
  backlog.forget(chunkSamples + 1);
  expect(backlog.next(0)?.start).toBe(chunkSamples);
  backlog.forget(chunkSamples * 3);
  expect(backlog.next(0)).toBeNull();
  expect(backlog.dropped).toBe(0);
});
