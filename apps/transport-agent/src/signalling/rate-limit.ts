import type { Clock } from '@voicebus/core';

/** Allows `perSecond` on average over `windowSeconds`, with bursts of a whole window. */
export class RateLimit {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #left: number;
  #lastMs: number;

  constructor(clock: Clock, perSecond: number, windowSeconds = 5) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#burst = perSecond * windowSeconds;
    this.#left = this.#burst;
    this.#lastMs = clock.now();
  }

  /** False when this one is too many. */
  take(): boolean {
    const now = this.#clock.now();
    this.#left = Math.min(
      this.#burst,
      this.#left + ((now - this.#lastMs) / 1000) * this.#perSecond,
    );
    this.#lastMs = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
