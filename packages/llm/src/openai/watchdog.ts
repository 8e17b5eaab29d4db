import { fairDeadline, type Clock, type VoicebusError } from '@voicebus/core';

/** Ends a request that keeps somebody waiting: one timer, set anew with each sign of life. */
export class Watchdog {
  readonly #clock: Clock;
  readonly #bite: () => void;
  #cancel: () => void = () => {};
  /** What it was that took too long. */
  error: VoicebusError | null = null;

  constructor(clock: Clock, bite: () => void) {
    this.#clock = clock;
    this.#bite = bite;
  }

  /** From now on this may take so long; what was waited for before has come. Null: lateness is no error. */
  allow(limitMs: number, late: () => VoicebusError | null): void {
    this.#cancel();
    this.#cancel = fairDeadline({
      clock: this.#clock,
      limitMs,
      rule: () => {
        this.error ??= late();
        this.#bite();
      },
    });
  }

  stop(): void {
    this.#cancel();
  }
}
