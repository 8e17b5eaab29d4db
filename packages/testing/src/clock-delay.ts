import { abortableDelay, type Clock } from '@voicebus/core';

/** Resolves after `delayMs` on the clock, or at once when the signal aborts. True: it was waited out. */
export async function clockDelay(
  clock: Clock,
  delayMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) return false;
  if (delayMs <= 0) return true;
  return abortableDelay(clock, delayMs, signal);
}

/** Resolves when the signal aborts: the shape of a provider that hangs. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
