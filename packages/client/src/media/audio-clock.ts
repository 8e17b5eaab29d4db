/** Estimates are forgotten after this long: two clocks of one machine drift by up to 100 ppm. */
const windowMs = 10_000;
/** No message is that late: the context stood still (a page without a click, sleep) and runs again. */
const stoodStillMs = 1000;

/**
 * Maps times of an audio context to the page's clock. A message of the audio thread can only come late,
 * so the smallest difference of the last 10 s is the truest.
 */
export class AudioClock {
  #estimates: { readonly atMs: number; readonly offsetMs: number }[] = [];

  /** A message that left the audio thread at `contextTimeS` was seen at `nowMs`. */
  observe(contextTimeS: number, nowMs: number): void {
    const offsetMs = nowMs - contextTimeS * 1000;
    if (offsetMs - (this.#estimates[0]?.offsetMs ?? offsetMs) > stoodStillMs) this.#estimates = [];
    // Estimates behind a smaller, newer one can never be the minimum again.
    while ((this.#estimates.at(-1)?.offsetMs ?? -Infinity) >= offsetMs) this.#estimates.pop();
    this.#estimates.push({ atMs: nowMs, offsetMs });
    while ((this.#estimates[0]?.atMs ?? nowMs) < nowMs - windowMs) this.#estimates.shift();
  }

  toPageMs(contextTimeS: number): number {
    return contextTimeS * 1000 + (this.#estimates[0]?.offsetMs ?? 0);
  }
}
