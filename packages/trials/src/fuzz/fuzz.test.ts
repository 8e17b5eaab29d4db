import { expect, test } from 'vitest';
import { describeFuzz } from './describe-fuzz.ts';
import { runFuzz } from './run-fuzz.ts';
import { bus } from './surfaces/bus.ts';
import { decode } from './surfaces/decode.ts';
import { rtp } from './surfaces/rtp.ts';
import type { Surface } from './surface.ts';

// One seed that is always the same, and one that never was.
const seeds = [1, Math.trunc(Math.random() * 2 ** 31)];
const cases = [decode, rtp, bus].flatMap((surface) => seeds.map((seed) => ({ surface, seed })));

test.each(cases)('bad input: $surface.name from seed $seed', async ({ surface, seed }) => {
  const result = await runFuzz(surface, { seed, durationMs: 1_000 });
  expect(result.failures, describeFuzz(result)).toEqual([]);
  expect(result.inputs).toBeGreaterThan(0);
});

const broken = (attack: () => Promise<string>): Surface => ({
  name: 'broken',
  concurrency: 1,
  open: () =>
    Promise.resolve({
      attack,
      violations: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    }),
});

test('what breaks is named with the seed that breaks it', async () => {
  let count = 0;
  const surface = broken(() => {
    count += 1;
    return count < 4 ? Promise.resolve('fine') : Promise.reject(new Error('it broke'));
  });
  const { failures, inputs } = await runFuzz(surface, { seed: 100, inputs: 50 });
  expect(inputs).toBe(4);
  expect(failures).toEqual([expect.stringContaining('seed 103: Error: it broke')]);
});
