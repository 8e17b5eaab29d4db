import { windowMs } from './browser-vad.ts';

/** One message's worth of probabilities; `captureMs` is the end of the last window. */
export interface ProbabilityBatch {
  readonly captureMs: number;
  readonly probabilities: number[];
}

/**
 * Three windows (96 ms) to a message while it is quiet: ten messages a second. From the first window
 * that may be speech each goes at once, because then every 32 ms count.
 */
const quietBatch = 3;
const maybeSpeech = 0.3;

/** Windows follow each other; one that ends this much too early or late is no neighbour. */
const jitterMs = windowMs / 2;

/**
 * A receiver counts back from `captureMs` in steps of a window, so a batch holds neighbours only: what
 * came before a hole (a slow page, another microphone, a mute) is dropped, since it is late anyway.
 */
export class ProbabilityBatcher {
  #probabilities: number[] = [];
  #lastMs = -Infinity;

  /** The batch to send now, or null. */
  add(probability: number, captureMs: number): ProbabilityBatch | null {
    const isNeighbour = Math.abs(captureMs - this.#lastMs - windowMs) < jitterMs;
    if (!isNeighbour) this.reset();
    this.#lastMs = captureMs;
    // A model that fails gives no number, and a message with none would end the connection.
    if (!Number.isFinite(probability)) {
      this.reset();
      return null;
    }
    const bounded = Math.max(0, Math.min(1, probability));
    this.#probabilities.push(Math.round(bounded * 1000) / 1000);
    if (this.#probabilities.length < quietBatch && probability < maybeSpeech) return null;
    const probabilities = this.#probabilities;
    this.#probabilities = [];
    return { captureMs, probabilities };
  }

  /** Forgets what was not sent. */
  reset(): void {
    this.#probabilities = [];
  }
}
