import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';

export interface GuardedStreamOptions<Part> {
  readonly name: string;
  readonly clock: Clock;
  /** Ends the stream, also one whose provider does not listen. */
  readonly signal: AbortSignal;
  /** Starts the provider; its own signal is aborted when nobody waits for it any more. */
  readonly start: (signal: AbortSignal) => AsyncIterable<Part>;
  /** The longest wait for the next part. */
  readonly limitMs: number;
  /**
   * Since when the provider has had all that it needs, on the clock; null while it waits for us, which is no
   * fault of its own. Default: always.
   */
  readonly dueSinceMs?: () => number | null;
}

/** A provider's parts as they come; one that stalls is given up with `deadline`, one that hangs is left. */
export async function* guardedStream<Part>(
  options: GuardedStreamOptions<Part>,
): AsyncGenerator<Part, void> {
  const ours = new AbortController();
  const signal = AbortSignal.any([options.signal, ours.signal]);
  const parts = options.start(signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await nextInTime(parts, options);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    ours.abort();
    // Not awaited: a generator that hangs would hold us there.
    Promise.resolve(parts.return?.()).catch(() => {});
  }
}

async function nextInTime<Part>(
  parts: AsyncIterator<Part>,
  { name, clock, signal, limitMs, dueSinceMs = () => -Infinity }: GuardedStreamOptions<Part>,
): Promise<IteratorResult<Part, unknown>> {
  if (signal.aborted) return { done: true, value: undefined };
  const given = Promise.withResolvers<IteratorResult<Part, unknown>>();
  const stop = (): void => given.resolve({ done: true, value: undefined });
  const askedMs = clock.now();
  let cancel = (): void => {};
  const look = (): void => {
    const nowMs = clock.now();
    const leftMs = Math.max(askedMs, dueSinceMs() ?? nowMs) + limitMs - nowMs;
    if (leftMs > 0) cancel = fairDeadline({ clock, limitMs: leftMs, rule: look });
    else given.reject(new VoicebusError('deadline', `${name} gave nothing for ${limitMs} ms`));
  };
  look();
  signal.addEventListener('abort', stop);
  parts.next().then(given.resolve, given.reject);
  try {
    return await given.promise;
  } finally {
    cancel();
    signal.removeEventListener('abort', stop);
  }
}
