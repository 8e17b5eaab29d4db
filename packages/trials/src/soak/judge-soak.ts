import { median } from '../report/quantile.ts';
import type { SoakSample } from './soak-sample.ts';

interface Tolerance {
  readonly what: keyof SoakSample;
  /** The last quarter's median may be above the first one's by this share and this much. */
  readonly share: number;
  readonly plus: number;
}

/**
 * Calls come and go at random, so what belongs to them varies; history is full before the first sample.
 * A leak of one object of 1 KB per call is 1 MB in 1,000 calls: what is allowed is ten of them.
 */
export const tolerances: readonly Tolerance[] = [
  { what: 'heapMb', share: 0.1, plus: 8 },
  { what: 'rssMb', share: 0.15, plus: 30 },
  { what: 'buffersMb', share: 0.15, plus: 10 },
  { what: 'timers', share: 0.3, plus: 15 },
  { what: 'handles', share: 0.3, plus: 15 },
  { what: 'sessions', share: 0.5, plus: 10 },
  { what: 'workers', share: 0.5, plus: 20 },
];

/** What is higher at the end than in the first quarter allows: sentences. */
export function judgeSoak(samples: readonly SoakSample[]): string[] {
  const quarter = Math.max(1, Math.floor(samples.length / 4));
  const [first, last] = [samples.slice(0, quarter), samples.slice(-quarter)];
  return tolerances.flatMap(({ what, share, plus }) => {
    const [before, after] = [first, last].map((part) => median(part.map((each) => each[what])));
    const limit = (before ?? NaN) * (1 + share) + plus;
    return (after ?? NaN) <= limit
      ? []
      : [
          `${what} grew from ${before?.toFixed(1)} to ${after?.toFixed(1)}, ${limit.toFixed(1)} are allowed`,
        ];
  });
}
