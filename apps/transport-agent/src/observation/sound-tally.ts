/** Adds up seconds of sound by what they belong to. */
export class SoundTally {
  readonly #seconds = new Map<string, number>();

  /** Gives the sum so far, to the millisecond. */
  add(what: string, seconds: number): number {
    const sum = (this.#seconds.get(what) ?? 0) + seconds;
    this.#seconds.set(what, sum);
    return toMilliseconds(sum);
  }

  /** The sum, which begins anew. */
  take(what: string): number {
    const sum = this.#seconds.get(what) ?? 0;
    this.#seconds.delete(what);
    return toMilliseconds(sum);
  }
}

function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
