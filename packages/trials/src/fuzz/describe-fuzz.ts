import type { FuzzResult } from './run-fuzz.ts';

/** One line: how many, how fast, what became of them. */
export function describeFuzz({
  surface,
  inputs,
  elapsedMs,
  outcomes,
  failures,
}: FuzzResult): string {
  const perSecond = (inputs / (elapsedMs / 1000)).toFixed(0);
  const counts = [...outcomes]
    .toSorted(([, first], [, second]) => second - first)
    .map(([outcome, count]) => `${outcome} ${count}`);
  const head = `${surface}: ${inputs} inputs, ${perSecond}/s, ${failures.length} failures`;
  return [`${head} · ${counts.join(' · ')}`, ...failures].join('\n');
}
