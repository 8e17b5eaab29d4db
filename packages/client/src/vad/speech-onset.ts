/** How sure and how long the browser must be before it silences the bot by itself. */
export interface OnsetOptions {
  /** Probability above which a window counts as speech. */
  readonly threshold: number;
  /** Speech without a break before it counts as an onset, milliseconds. */
  readonly onsetMs: number;
  /** The same for windows that leave no doubt. */
  readonly sureThreshold: number;
  readonly sureOnsetMs: number;
  /** Below `releaseThreshold` for this long, the speech is over and a new onset may come. */
  readonly releaseMs: number;
  readonly releaseThreshold: number;
  /** What is quieter than this share of the bot's own level is taken for its echo. */
  readonly echoShare: number;
}

/**
 * While the bot sounds: 96 ms above 0.75, or 64 ms above 0.95.
 *
 * Clear speech reaches 0.98 in the first window that holds 20 ms of it, and three such windows made the
 * bot silent 158 ms after the first sample (median of 8, Chromium, loaded machine); two of them leave
 * time for the fade within 150 ms. What the echo canceller leaves of the bot's own voice is speech to
 * the model too, so it is told apart by its level: 0.15 is −16 dB, above what a canceller leaves and
 * below any caller who sits at the microphone. 200 ms of release is a long closure inside a word.
 */
export const defaultOnset: OnsetOptions = {
  threshold: 0.75,
  onsetMs: 96,
  sureThreshold: 0.95,
  sureOnsetMs: 64,
  releaseMs: 200,
  releaseThreshold: 0.5,
  echoShare: 0.15,
};

/** One window of the microphone. */
export interface OnsetWindow {
  readonly probability: number;
  /** Root mean square, 0–1. */
  readonly level: number;
  readonly durationMs: number;
}

/** What surrounds it. */
export interface OnsetContext {
  /** Whether an onset would matter now. */
  readonly armed: boolean;
  /** The loudest that the bot just was, root mean square, 0–1. */
  readonly botLevel: number;
}

/** Finds onsets in the stream of windows. It tells of each once, until the speech is over. */
export class SpeechOnset {
  readonly #options: OnsetOptions;
  #speechMs = 0;
  #sureMs = 0;
  #loudest = 0;
  #quietMs = 0;
  #told = false;

  constructor(options: Partial<OnsetOptions> = {}) {
    this.#options = { ...defaultOnset, ...options };
  }

  /** True when with this window an onset is certain. */
  add({ probability, level, durationMs }: OnsetWindow, context: OnsetContext): boolean {
    const options = this.#options;
    const isSpeech = probability > options.threshold;
    this.#speechMs = isSpeech ? this.#speechMs + durationMs : 0;
    this.#sureMs = probability > options.sureThreshold ? this.#sureMs + durationMs : 0;
    this.#loudest = isSpeech ? Math.max(this.#loudest, level) : 0;
    this.#quietMs = probability < options.releaseThreshold ? this.#quietMs + durationMs : 0;
    if (this.#quietMs >= options.releaseMs) this.#told = false;
    const certain = this.#speechMs >= options.onsetMs || this.#sureMs >= options.sureOnsetMs;
    const isEcho = this.#loudest < context.botLevel * options.echoShare;
    if (this.#told || !context.armed || !certain || isEcho) return false;
    this.#told = true;
    return true;
  }

  reset(): void {
    this.#speechMs = 0;
    this.#sureMs = 0;
    this.#loudest = 0;
    this.#quietMs = 0;
    this.#told = false;
  }
}
