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

export class ProbabilityBatcher {
  #probabilities: number[] = [];

  /** The batch to send now, or null. */
  add(probability: number, captureMs: number): ProbabilityBatch | null {
    this.#probabilities.push(Math.round(probability * 1000) / 1000);
    if (this.#probabilities.length < quietBatch && probability < maybeSpeech) return null;
    const probabilities = this.#probabilities;
    this.#probabilities = [];
    return { captureMs, probabilities };
  }
}
