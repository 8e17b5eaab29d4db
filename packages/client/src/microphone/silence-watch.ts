/** −80 dBFS: a live microphone's own noise is above it, a dead one gives zeros. */
const signalLevel = 0.0001;

/**
 * Tells when an open microphone gives no signal at all for 3 s, and every 3 s again, since a caller who
 * was muted meanwhile has not been told; and when it gives one again.
 */
export class SilenceWatch {
  readonly #afterMs: number;
  #silentSinceMs: number | null = null;
  #silent = false;

  constructor(afterMs = 3000) {
    this.#afterMs = afterMs;
  }

  add(level: number, atMs: number): 'silence' | 'signal' | null {
    if (level > signalLevel) {
      this.#silentSinceMs = null;
      if (!this.#silent) return null;
      this.#silent = false;
      return 'signal';
    }
    this.#silentSinceMs ??= atMs;
    if (atMs - this.#silentSinceMs < this.#afterMs) return null;
    this.#silentSinceMs = atMs;
    this.#silent = true;
    return 'silence';
  }
}
