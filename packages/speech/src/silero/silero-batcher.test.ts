import { expect, test } from 'vitest';
import type { SileroBatch } from './silero-batcher.ts';
import { SileroBatcher } from './silero-batcher.ts';

/** A stand-in for the model: adds the window's first sample to each caller's state. */
function countingModel(batches: SileroBatch[]) {
  return (batch: SileroBatch) => {
    batches.push(batch);
    const state = batch.state.slice();
    for (let row = 0; row < batch.size; row += 1) {
      const at = (batch.size + row) * 128;
      state[at] = (state[at] ?? 0) + (batch.input[row * 576 + 64] ?? 0);
    }
    const probabilities = Float32Array.from(
      { length: batch.size },
      (_, row) => state[(batch.size + row) * 128] ?? 0,
    );
    return Promise.resolve({ probabilities, state });
  };
}

const window = (value: number): Float32Array => new Float32Array(512).fill(value);

test('callers keep their own state, also when their windows are computed together', async () => {
  const batches: SileroBatch[] = [];
  const batcher = new SileroBatcher(countingModel(batches));
  const given = [
    batcher.add(1, window(1)),
    batcher.add(2, window(10)),
    batcher.add(1, window(2)),
    batcher.add(2, window(20)),
    batcher.add(3, window(100)),
  ];
  expect(await Promise.all(given)).toEqual([1, 10, 3, 30, 100]);
  expect(batches.map((batch) => batch.size)).toEqual([1, 3, 1]);
});

test('the last 64 samples are put before the next window, until the caller is forgotten', async () => {
  const batches: SileroBatch[] = [];
  const batcher = new SileroBatcher(countingModel(batches));
  await batcher.add(1, window(0.25));
  await batcher.add(1, window(0.5));
  batcher.forget(1);
  expect(await batcher.add(1, window(0.75))).toBe(0.75);
  expect(batches.map(({ input }) => [input[0], input[63], input[64]])).toEqual([
    [0, 0, 0.25],
    [0.25, 0.25, 0.5],
    [0, 0, 0.75],
  ]);
});

test('a failed run fails the windows it held and no others', async () => {
  let runs = 0;
  const batcher = new SileroBatcher((batch) => {
    runs += 1;
    if (runs === 1) return Promise.reject(new Error('broken'));
    return countingModel([])(batch);
  });
  await expect(batcher.add(1, window(1))).rejects.toThrow('broken');
  expect(await batcher.add(1, window(2))).toBe(2);
});
