import { openAudioContext, type AssetsUrl } from '../media/audio-context.ts';
import type { SpeechModel } from '../vad/browser-vad.ts';
import { loadSpeechModel, prefetchSpeechModel } from '../vad/load-model.ts';

/** What all calls of a page share. Each is made once; a failure is tried again the next time. */
export class PageAudio {
  readonly #assetsUrl: AssetsUrl;
  #context: Promise<AudioContext> | null = null;
  #model: Promise<SpeechModel> | null = null;

  constructor(assetsUrl: AssetsUrl) {
    this.#assetsUrl = assetsUrl;
  }

  context(): Promise<AudioContext> {
    this.#context ??= openAudioContext(this.#assetsUrl).catch((error: unknown) => {
      this.#context = null;
      throw error;
    });
    return this.#context;
  }

  /** Takes a second, and 17 MB the first time. */
  model(): Promise<SpeechModel> {
    this.#model ??= loadSpeechModel(this.#assetsUrl).catch((error: unknown) => {
      this.#model = null;
      throw error;
    });
    return this.#model;
  }

  /** Begins loading; whoever needs it later hears of a failure. */
  warmUp(): void {
    this.context().catch(() => {});
  }

  /** Only fetches: starting the model would take the time of the call that is being set up. */
  prefetchModel(): void {
    if (this.#model === null) prefetchSpeechModel(this.#assetsUrl);
  }
}
