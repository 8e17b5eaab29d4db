/**
 * No ping is that late. What looks like it is another clock: the page was reloaded and counts from zero
 * again, or its machine slept and its clock stood still.
 */
const otherClockMs = 2_000;

/** How the page's clock stands to ours, by its pings: the fastest one counts, since delay only adds. */
export class PageClock {
  #offsetMs: number | null = null;

  pinged(clientMs: number, nowMs: number): void {
    const offsetMs = nowMs - clientMs;
    const known = this.#offsetMs;
    const isOther = known === null || offsetMs - known > otherClockMs;
    this.#offsetMs = isOther ? offsetMs : Math.min(known, offsetMs);
  }

  /** A time of the page on our clock, milliseconds; null before the first ping. */
  toOurs(clientMs: number): number | null {
    return this.#offsetMs === null ? null : clientMs + this.#offsetMs;
  }
}
