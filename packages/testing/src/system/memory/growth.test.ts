import { describe, expect, it } from 'vitest';
import { growthPerTurn, type HeldSample } from './growth.ts';
import { holdTurns, mostBytesPerTurn } from './hold-turns.ts';
import { SeededRandom } from '../../interleaving/random.ts';

const mebibyte = 1_048_576;

/** From turn 100 to 600, every 50 turns: so much a turn, so much chance, and a step where the test wants one. */
function samples(options: {
  perTurn: number;
  noise?: number;
  step?: (turn: number) => number;
}): HeldSample[] {
  const { perTurn, noise = 0, step = () => 0 } = options;
  const random = new SeededRandom(7);
  return Array.from({ length: 11 }, (_, index) => {
    const turn = 100 + index * 50;
    const chance = (random.next() - 0.5) * 2 * noise;
    return { turn, bytes: 30 * mebibyte + turn * perTurn + chance + step(turn) };
  });
}

describe('what each turn leaves behind', () => {
  it('is the slope, whatever was held before', () => {
    expect(growthPerTurn(samples({ perTurn: 5_000 }))).toBeCloseTo(5_000);
    expect(growthPerTurn(samples({ perTurn: 0 }))).toBe(0);
  });

  it('is seen through chance of a tenth of a megabyte', () => {
    expect(growthPerTurn(samples({ perTurn: 5_000, noise: 100_000 }))).toBeGreaterThan(
      mostBytesPerTurn,
    );
    expect(growthPerTurn(samples({ perTurn: 0, noise: 100_000 }))).toBeLessThan(mostBytesPerTurn);
  });

  it('is not what was taken once, nor one sample that is far off', () => {
    const code = (turn: number): number => (turn >= 200 ? 2 * mebibyte : 0);
    const spike = (turn: number): number => (turn === 600 ? 5 * mebibyte : 0);
    for (const step of [code, spike])
      expect(growthPerTurn(samples({ perTurn: 0, step }))).toBeLessThan(mostBytesPerTurn);
    // Nor does that hide what grows.
    for (const step of [code, spike])
      expect(growthPerTurn(samples({ perTurn: 5_000, step }))).toBeGreaterThan(4_900);
  });

  it('is not known of a single sample', () => {
    expect(growthPerTurn(samples({ perTurn: 0 }).slice(0, 1))).toBeNaN();
  });
});

/** Six samples: a collection of a whole process takes its time. */
const run = (playTurn: (turn: number) => void) =>
  holdTurns({
    turns: 500,
    sampleEvery: 100,
    playTurn: (turn) => {
      // What a turn uses and lets go of.
      new Uint8Array(50_000).fill(turn);
      playTurn(turn);
      return Promise.resolve();
    },
  });

describe('a leak that is planted', () => {
  const held: unknown[] = [];

  it.each([
    ['5 KB of buffers', () => new Uint8Array(5_000).fill(1)],
    ['5 KB of numbers', () => Array.from({ length: 625 }, (_, index) => index + 0.5)],
  ])('of %s a turn is found', async (_, leak) => {
    const grown = growthPerTurn(await run(() => held.push(leak())));
    expect(grown).toBeGreaterThan(mostBytesPerTurn);
    expect(grown).toBeLessThan(7_500);
  });

  it('and nothing is found where nothing stays', async () => {
    expect(growthPerTurn(await run(() => {}))).toBeLessThan(mostBytesPerTurn / 3);
  });
});
