import { useEffect, useState } from 'react';

/** Milliseconds since `sinceMs` (clock of `performance.now`), about twice a second while active. */
export function useElapsed(sinceMs: number, active: boolean): number {
  const [elapsedMs, setElapsedMs] = useState(0);
  useEffect(() => {
    setElapsedMs(0);
    if (!active) return;
    const timer = setInterval(() => setElapsedMs(performance.now() - sinceMs), 500);
    return () => clearInterval(timer);
  }, [sinceMs, active]);
  return elapsedMs;
}
