/** How long people wait for a call to come back before they would rather start anew. */
export const resumeDeadlineMs = 30_000;

const firstMs = 250;
const longestMs = 4000;

/**
 * Pause before attempt `attempt` (from 0), doubled each time up to 4 s, each with up to half as much
 * again at random, so that the callers of a restarted server do not come back in one instant.
 */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(longestMs, firstMs * 2 ** attempt);
  return base * (1 + random() / 2);
}
