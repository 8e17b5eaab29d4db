/** After a network that stood still, what was said meanwhile comes at once: ten seconds are a long stall. */
const longestBurstMs = 10_000;
/** Clocks of sound cards differ by far less. */
const fastestMicrophone = 1.02;

/**
 * A microphone gives a second of sound per second. Whoever sends more, or timestamps that jump ahead
 * again and again, would have us decode, conceal and listen to hours of it, at everybody's cost.
 */
export class SoundBudget {
  #leftMs = longestBurstMs;
  #lastMs: number;

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  /** False when more than time allows has been used. */
  hasLeft(nowMs: number): boolean {
    const earnedMs = (nowMs - this.#lastMs) * fastestMicrophone;
    this.#leftMs = Math.min(longestBurstMs, this.#leftMs + earnedMs);
    this.#lastMs = nowMs;
    return this.#leftMs > 0;
  }

  /** The last sound may go beyond what is left. */
  use(soundMs: number): void {
    this.#leftMs -= soundMs;
  }
}
