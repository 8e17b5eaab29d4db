import type { MicrophoneFrame } from '../microphone/microphone-tap.ts';

/** The probability that a window of 32 ms holds speech. */
export interface SpeechWindow {
  readonly probability: number;
  /** Capture time of the end of the window, page's clock. */
  readonly endMs: number;
  readonly frame: MicrophoneFrame;
}

export const windowMs = 32;

/** The only thing of the library that is used: its model, one window at a time. */
export interface SpeechModel {
  /** Forgets what it heard: a new call begins. */
  readonly reset_state: () => void;
  readonly process: (frame: Float32Array) => Promise<{ readonly isSpeech: number }>;
}

/** Windows that may wait for the model; more means that the page is too slow to be of help. */
const maximumWaiting = 8;

/**
 * Runs silero v5 on the microphone's frames, in order and one at a time, since the model carries its
 * state from window to window. It is a hint for the page; the server's own VAD rules.
 */
export class BrowserVad {
  readonly #model: SpeechModel;
  readonly #onWindow: (window: SpeechWindow) => void;
  #waiting: MicrophoneFrame[] = [];
  #running = false;
  #closed = false;

  constructor(model: SpeechModel, onWindow: (window: SpeechWindow) => void) {
    this.#model = model;
    model.reset_state();
    this.#onWindow = onWindow;
  }

  add(frame: MicrophoneFrame): void {
    this.#waiting.push(frame);
    // Old windows are worth nothing: the newest decides whether to stop the bot.
    if (this.#waiting.length > maximumWaiting) this.#waiting.shift();
    if (!this.#running) void this.#run();
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let frame = this.#waiting.shift(); frame; frame = this.#waiting.shift()) {
      try {
        const { isSpeech } = await this.#model.process(frame.samples);
        if (this.#closed) return;
        this.#onWindow({ probability: isSpeech, endMs: frame.endMs, frame });
      } catch (error) {
        reportError(error);
      }
    }
    this.#running = false;
  }
}
