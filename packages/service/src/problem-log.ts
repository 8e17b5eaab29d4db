import { systemClock, type Clock } from '@voicebus/core';
import type { Logger } from './logger.ts';
import type { Report } from './report.ts';

/** A problem that comes again within this is counted, and told with the next line. */
const quietMs = 60_000;
/** Of different problems; the one that was told longest ago is forgotten first. */
const mostKept = 200;

interface Told {
  readonly atMs: number;
  readonly untold: number;
}

/**
 * Logs what went wrong, the same thing once a minute: what a caller, or another version of an agent, does with
 * every packet would fill a disk. `times` says how many came since the last line.
 */
export function problemLog(logger: Pick<Logger, 'warn'>, clock: Clock = systemClock): Report {
  const told = new Map<string, Told>();
  return (what, thrown) => {
    const key = `${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    const before = told.get(key);
    const nowMs = clock.now();
    if (before && nowMs - before.atMs < quietMs) {
      told.set(key, { ...before, untold: before.untold + 1 });
      return;
    }
    // In the order in which they were told.
    told.delete(key);
    told.set(key, { atMs: nowMs, untold: 0 });
    const [oldest] = told.keys();
    if (told.size > mostKept && oldest !== undefined) told.delete(oldest);
    const times = (before?.untold ?? 0) + 1;
    logger.warn(times > 1 ? { err: thrown, times } : { err: thrown }, what);
  };
}
