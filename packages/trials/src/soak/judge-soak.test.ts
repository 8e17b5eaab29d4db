import { expect, test } from 'vitest';
import { judgeSoak } from './judge-soak.ts';
import type { SoakSample } from './soak-sample.ts';

const sample = (fields: Partial<SoakSample>): SoakSample => ({
  atMs: 0,
  rssMb: 200,
  heapMb: 50,
  buffersMb: 10,
  timers: 20,
  handles: 30,
  sessions: 5,
  workers: 10,
  refused: 0,
  dropped: 0,
  ...fields,
});

test('what goes up and down around the same is flat', () => {
  const samples = Array.from({ length: 40 }, (_, index) =>
    sample({ heapMb: 50 + (index % 5), timers: 20 + (index % 10), dropped: index }),
  );
  expect(judgeSoak(samples)).toEqual([]);
});

test('what only ever grows is named', () => {
  const samples = Array.from({ length: 40 }, (_, index) => sample({ heapMb: 50 + index }));
  expect(judgeSoak(samples)).toEqual([expect.stringContaining('heapMb grew from')]);
  const timers = Array.from({ length: 40 }, (_, index) => sample({ timers: 20 + index * 2 }));
  expect(judgeSoak(timers)).toEqual([expect.stringContaining('timers grew')]);
});
