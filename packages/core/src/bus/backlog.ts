import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import type { AnyBusMessage } from './envelope.ts';

/** What went out on one lane of a session and was not taken in yet. */
export interface Backlog {
  /** Generated text, as it is on a wire. */
  readonly textBytes: number;
  /** When the oldest message of any kind was sent, on the clock; null when there is none. */
  readonly oldestMs: number | null;
}

/** Some 480 tokens, two and a half minutes of speech. It leaves room for control below a link's 4,096. */
const maxTextBytes = 64 * 1024;
/** A message is acknowledged within 100 ms, and within 1.2 s when it had to be sent twice. */
const maxAgeMs = 2_000;
/** Whoever waited this long for an answer does not wait any more. */
const patienceMs = 30_000;
/** Of a token beside its text: 135 bytes alone, 50 to 90 behind another one. */
const addressBytes = 130;

export function textBytesOf(message: AnyBusMessage): number {
  if (message.kind !== 'response-text') return 0;
  return addressBytes + Buffer.byteLength(message.body.text);
}

/** Whether a model that writes for that side has to pause. Control is never held back. */
export function isBehind({ textBytes, oldestMs }: Backlog, nowMs: number): boolean {
  return textBytes >= maxTextBytes || (oldestMs !== null && nowMs - oldestMs >= maxAgeMs);
}

/** Those who wait for one link to drain. Each waits until it has, is closed, or for half a minute. */
export class DrainWaits {
  readonly #waiting = new Set<(error: VoicebusError | null) => void>();

  /**
   * Resolves when the link drains, or `signal` says that nobody needs it any more. Rejects with
   * `link-broken` after 30 s, and with `closed` when the link is.
   */
  wait(clock: Clock, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error: VoicebusError | null): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(settle);
        if (error) reject(error);
        else resolve();
      };
      const onAbort = (): void => settle(null);
      const cancel = fairDeadline({ clock, limitMs: patienceMs, rule: () => settle(tooSlow()) });
      this.#waiting.add(settle);
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) settle(null);
    });
  }

  drained(): void {
    for (const settle of this.#waiting) settle(null);
  }

  close(): void {
    for (const settle of this.#waiting) settle(nobodyListens());
  }
}

export function nobodyListens(): VoicebusError {
  return new VoicebusError('closed', 'The session is over: nobody takes this answer in.');
}

function tooSlow(): VoicebusError {
  return new VoicebusError(
    'link-broken',
    `The session's owner has taken nothing in for ${patienceMs} ms: the answer is given up.`,
    { isRetryable: true, data: { patienceMs } },
  );
}
