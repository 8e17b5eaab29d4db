import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';
import type { VoicebusError } from '../errors/voicebus-error.ts';

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly limitMs: number;
  /** What is thrown when it is over. */
  readonly error: () => VoicebusError;
}

/**
 * What `promise` gives, if in time. It is not cancelled: whoever made it ends it, and its late outcome is
 * nobody's unhandled rejection.
 */
export async function withDeadline<T>(promise: Promise<T>, options: DeadlineOptions): Promise<T> {
  const late = Promise.withResolvers<never>();
  const { clock, limitMs } = options;
  const cancel = fairDeadline({ clock, limitMs, rule: () => late.reject(options.error()) });
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    cancel();
  }
}
