import type { CallResult } from './call-flow.ts';
import { table } from './statistics.ts';

interface VoicedResult extends CallResult {
  readonly voice: string;
}

/** Success and word errors per voice and of all, and every failure with what was understood. */
export function describeCalls(results: readonly VoicedResult[]): string {
  const voices = [...new Set(results.map(({ voice }) => voice))];
  const rows = voices.map((name) =>
    rowOf(
      name,
      results.filter(({ voice }) => voice === name),
    ),
  );
  const header = ['voice', 'calls', 'success', 'at once', 'word errors'];
  const failures = results
    .filter(({ isSuccess }) => !isSuccess)
    .map(
      ({ voice, need, why, understood }) =>
        `${voice}: ${need}\n  ${why}; understood: ${understood.join(' / ')}\n`,
    );
  return `${table([header, ...rows, rowOf('all', results)])}\n\n${failures.join('')}`;
}

function rowOf(name: string, calls: readonly CallResult[]): string[] {
  const sum = (of: (call: CallResult) => number): number =>
    calls.reduce((total, call) => total + of(call), 0);
  return [
    name,
    String(calls.length),
    share(
      sum(({ isSuccess }) => Number(isSuccess)),
      calls.length,
    ),
    share(
      sum(({ isSuccess, attempts }) => Number(isSuccess && attempts === 1)),
      calls.length,
    ),
    share(
      sum(({ wordErrors }) => wordErrors),
      sum(({ words }) => words),
    ),
  ];
}

function share(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`;
}
