import type { Clock } from './clock.ts';

export interface FairDeadlineOptions {
  readonly clock: Clock;
  readonly limitMs: number;
  /** It is over: nothing came. */
  readonly rule: () => void;
  /** We stood still for this long and wait on: for whoever keeps another time of the same wait. */
  readonly onStoodStill?: (stoodStillMs: number) => void;
}

/** One packet of sound. A timer less late than this was late by chance; a timer of Node's is so by 1 to 2 ms. */
const lateMs = 20;
/** A timer of its own: input is read before it fires. */
const readingMs = 1;

/**
 * A deadline on somebody else that does not count the time in which this process stood still: a stolen or
 * sleeping machine, a heap snapshot. In Node timers run before input is read, so after such a time every
 * deadline is over before the answers that came in time are seen. A deadline that fires late is put off by as
 * much, in all by no more than its own length: an overloaded process ends its waits, too.
 *
 * @returns cancels it
 */
export function fairDeadline(options: FairDeadlineOptions): () => void {
  const { clock, limitMs, rule, onStoodStill } = options;
  let leftMs = Math.max(0, limitMs);
  let cancel = (): void => {};
  const wait = (delayMs: number, isLast: boolean): void => {
    const dueMs = clock.now() + Math.max(0, delayMs);
    cancel = clock.after(delayMs, () => {
      const stoodStillMs = clock.now() - dueMs;
      if (isLast || stoodStillMs < lateMs) {
        rule();
        return;
      }
      const putOffMs = Math.min(stoodStillMs, leftMs);
      leftMs -= putOffMs;
      wait(Math.max(readingMs, putOffMs), putOffMs === 0);
      onStoodStill?.(stoodStillMs);
    });
  };
  wait(limitMs, false);
  return () => cancel();
}
