/** What was held after so many turns. */
export interface HeldSample {
  readonly turn: number;
  readonly bytes: number;
}

/**
 * Bytes that each turn leaves behind: the median of the slopes between all pairs of samples (Theil–Sen). A
 * pool that fills, or code that is compiled, is a step between two samples and moves it little; what grows
 * with every turn is in every pair. NaN for fewer than two samples.
 */
export function growthPerTurn(samples: readonly HeldSample[]): number {
  const slopes = samples.flatMap((from, index) =>
    samples.slice(index + 1).map((to) => (to.bytes - from.bytes) / (to.turn - from.turn)),
  );
  return median(slopes);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
