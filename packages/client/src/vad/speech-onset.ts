/** How sure and how long the browser must be before it silences the bot by itself. */
export interface OnsetOptions {
  /** Probability above which a window counts as speech. */
  readonly threshold: number;
  /** Speech without a break before it counts as an onset, milliseconds. */
  readonly onsetMs: number;
  /** Below `releaseThreshold` for this long, the speech is over and a new onset may come. */
  readonly releaseMs: number;
  readonly releaseThreshold: number;
}

/**
 * While the bot sounds: 96 ms above 0.75. Speech from a laptop's own loudspeaker that is left after the
 * canceller reaches 0.5 often and 0.75 in single windows only, and three windows of 32 ms leave 54 ms
 * of the 150 ms that a stop may take. 200 ms of release is the gap inside a word with a long closure.
 */
export const defaultOnset: OnsetOptions = {
  threshold: 0.75,
  onsetMs: 96,
  releaseMs: 200,
  releaseThreshold: 0.5,
};

/** Finds onsets in the stream of probabilities. It tells of each once, until the speech is over. */
export class SpeechOnset {
  readonly #options: OnsetOptions;
  #speechMs = 0;
  #quietMs = 0;
  #told = false;

  constructor(options: Partial<OnsetOptions> = {}) {
    this.#options = { ...defaultOnset, ...options };
  }

  /** True when with this window an onset is certain. `armed` says whether one would matter now. */
  add(probability: number, windowMs: number, armed: boolean): boolean {
    const { threshold, onsetMs, releaseMs, releaseThreshold } = this.#options;
    this.#speechMs = probability > threshold ? this.#speechMs + windowMs : 0;
    this.#quietMs = probability < releaseThreshold ? this.#quietMs + windowMs : 0;
    if (this.#quietMs >= releaseMs) this.#told = false;
    if (this.#told || !armed || this.#speechMs < onsetMs) return false;
    this.#told = true;
    return true;
  }

  reset(): void {
    this.#speechMs = 0;
    this.#quietMs = 0;
    this.#told = false;
  }
}
