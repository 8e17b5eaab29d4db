import { useEffect, useState } from 'react';

/** The wall clock in milliseconds, read again every `everyMs`; null stops it. 0 until it has started. */
export function useNow(everyMs: number | null): number {
  const [nowMs, setNowMs] = useState(0);
  useEffect(() => {
    if (everyMs === null) return;
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
