import { expect, it } from 'vitest';
import { SilenceWatch } from './silence-watch.ts';

/** Feeds 32 ms windows of one level for a while; gives what was told, with when. */
function feed(watch: SilenceWatch, level: number, [fromMs, toMs]: [number, number]) {
  const told: [string, number][] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += 32) {
    const change = watch.add(level, atMs);
    if (change) told.push([change, atMs]);
  }
  return told;
}

it('tells of three seconds without any signal, and that it is back', () => {
  const watch = new SilenceWatch();
  expect(feed(watch, 0, [0, 2990])).toEqual([]);
  expect(feed(watch, 0, [3008, 3040])).toEqual([['silence', 3008]]);
  expect(feed(watch, 0.001, [3040, 3200])).toEqual([['signal', 3040]]);
});

it('takes the noise of a quiet room for a signal', () => {
  expect(feed(new SilenceWatch(), 0.0005, [0, 60_000])).toEqual([]);
});

it('says it again for a caller who was muted the first time', () => {
  const told = feed(new SilenceWatch(), 0, [0, 10_000]);
  expect(told.map(([change]) => change)).toEqual(['silence', 'silence', 'silence']);
});

it('does not add short silences up', () => {
  const watch = new SilenceWatch();
  for (let round = 0; round < 5; round += 1) {
    const startMs = round * 3000;
    expect(feed(watch, 0, [startMs, startMs + 2000])).toEqual([]);
    expect(feed(watch, 0.01, [startMs + 2000, startMs + 2100])).toEqual([]);
  }
});
