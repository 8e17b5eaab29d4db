import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';
import type { Address } from './envelope.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: VoicebusError) => void;
  readonly cancel: () => void;
}

/** The name of a wait for a reply that only this worker can give. */
export function replyFrom({ incarnation, worker }: Address, id: string): string {
  return `${id}@${incarnation}/${worker}`;
}

/** Promises that a message of somebody else's resolves, each with a deadline. */
export class PendingReplies {
  readonly #clock: Clock;
  readonly #pending = new Map<string, Pending>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Rejects with `deadline` when no reply came in time. */
  wait<Reply>(id: string, timeoutMs: number, what: string): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      const late = (): void => {
        this.#pending.delete(id);
        reject(
          new VoicebusError('deadline', `${what} did not answer within ${timeoutMs} ms.`, {
            isRetryable: true,
            data: { timeoutMs },
          }),
        );
      };
      const cancel = fairDeadline({ clock: this.#clock, limitMs: timeoutMs, rule: late });
      this.#pending.set(id, { resolve: resolve as (value: unknown) => void, reject, cancel });
    });
  }

  /** False when nobody waits for it any more. */
  resolve(id: string, value: unknown): boolean {
    const pending = this.#take(id);
    pending?.resolve(value);
    return pending !== undefined;
  }

  reject(id: string, error: VoicebusError): boolean {
    const pending = this.#take(id);
    pending?.reject(error);
    return pending !== undefined;
  }

  rejectAll(error: VoicebusError): void {
    for (const id of this.#pending.keys()) this.reject(id, error);
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.cancel();
    return pending;
  }
}
