/**
 * The value that `share` (0–1) of all values do not exceed, by nearest rank: always one that was
 * measured. Null for an empty list.
 */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
