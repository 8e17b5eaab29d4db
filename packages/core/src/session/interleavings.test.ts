import { runInterleaving } from '@voicebus/testing';
import { expect, it } from 'vitest';

/** Fresh ones every time; a failing one is printed and replays exactly: VOICEBUS_SEED=… */
const seeds = process.env['VOICEBUS_SEED']
  ? [Number(process.env['VOICEBUS_SEED'])]
  : Array.from({ length: Number(process.env['VOICEBUS_SEEDS'] ?? 200) }, () =>
      Math.floor(Math.random() * 2 ** 32),
    );

it(
  `${seeds.length} random orders of everything that can happen to two calls break no rule`,
  { timeout: 3_600_000 },
  async () => {
    const failed: string[] = [];
    for (const seed of seeds) {
      const { violations, steps } = await runInterleaving(seed);
      if (violations.length > 0)
        failed.push(`seed ${seed}: ${violations.join('; ')}\n  ${steps.join('\n  ')}`);
      if (failed.length >= 3) break;
    }
    expect(failed.join('\n\n')).toBe('');
  },
);
