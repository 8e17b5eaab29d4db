import { retryAfterOf } from '../errors/provider-error.ts';
import type { VoicebusError } from '../errors/voicebus-error.ts';

export interface RetryOptions {
  /** Requests to the same provider, the first one counted. */
  readonly maxAttempts: number;
  /** Before the second request; twice as long before each further one. */
  readonly firstDelayMs: number;
  /** A caller does not wait longer than this for the same provider: the next one is asked instead. */
  readonly longestDelayMs: number;
  /** 0 to 1. */
  readonly random: () => number;
}

export const defaultRetryOptions: RetryOptions = {
  maxAttempts: 2,
  firstDelayMs: 100,
  longestDelayMs: 800,
  random: Math.random,
};

/**
 * How long to wait before the same provider is asked again; null: do not. Only where nothing of an answer
 * was used yet. Half of it is chance, so that callers whom one fault hit do not all come back at once.
 */
export function retryDelayMs(
  error: VoicebusError,
  attempt: number,
  options: RetryOptions = defaultRetryOptions,
): number | null {
  if (!error.isRetryable || attempt >= options.maxAttempts) return null;
  const usualMs = options.firstDelayMs * 2 ** (attempt - 1) * (0.5 + options.random() / 2);
  const delayMs = Math.max(usualMs, retryAfterOf(error) ?? 0);
  return delayMs > options.longestDelayMs ? null : delayMs;
}
