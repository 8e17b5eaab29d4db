import { expect, test } from 'vitest';

import { createSteps, writeDuration } from './steps.mjs';

test('durations read well at any size', () => {
  expect([400, 12_400, 185_000].map(writeDuration)).toEqual(['0.4 s', '12 s', '3 m 05 s']);
});

test('a step tells its end and its time, and its progress every ten seconds', async () => {
  let now = 0;
  const lines = [];
  const steps = createSteps({ write: (line) => lines.push(line), now: () => now });
  const result = await steps.run('Worker', async ({ note, progress }) => {
    note('building it');
    for (now = 0; now <= 25_000; now += 5000) progress(`at ${now}`);
    return 'done';
  });
  expect(result).toBe('done');
  expect(lines).toEqual([
    '  Worker: building it',
    '  Worker: at 10000 (10 s)',
    '  Worker: at 20000 (20 s)',
    '✓ Worker (30 s)',
  ]);
});

test('a failed step says why at once and passes the error on', async () => {
  const lines = [];
  const steps = createSteps({ write: (line) => lines.push(line), now: () => 0 });
  const failing = steps.run('Packages', async () => {
    throw new Error('no network\nand details');
  });
  await expect(failing).rejects.toThrow('and details');
  expect(lines).toEqual(['✗ Packages (0.0 s): no network']);
});
