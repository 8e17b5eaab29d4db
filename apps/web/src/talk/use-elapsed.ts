import { useNow } from '@/use-now';

/** Milliseconds since `sinceMs` (clock of `performance.now`), read twice a second while active. */
export function useElapsed(sinceMs: number, active: boolean): number {
  const nowMs = useNow(active ? 500 : null);
  if (!active || nowMs === 0) return 0;
  return Math.max(0, nowMs - performance.timeOrigin - sinceMs);
}
