/** What the ear finds even: −55 dBFS is 0, −15 dBFS is 1. */
export function loudness(level: number): number {
  const decibels = 20 * Math.log10(Math.max(level, 1e-6));
  return Math.max(0, Math.min(1, (decibels + 55) / 40));
}
