import {
  asVoicebusError,
  VoicebusError,
  type Attempt,
  type ProviderChain,
  type SpeechToText,
  type TranscriptionResult,
  type TranscriptionStream,
} from '@voicebus/core';

export interface ChosenStreamOptions {
  readonly chain: ProviderChain<SpeechToText>;
  readonly provider: SpeechToText;
  readonly sessionId: string;
  readonly onResult: (result: TranscriptionResult) => void;
  /** It works no more; nothing comes after it. */
  readonly onFailed: (error: VoicebusError) => void;
}

/** One provider's stream in a call of several: what it says is heard until it fails or is left. */
export class ChosenStream {
  readonly provider: SpeechToText;
  readonly #options: ChosenStreamOptions;
  readonly #abort = new AbortController();
  /** Judged by the first utterance that it hears to its end, and by each one after it. */
  #attempt: Attempt;
  #stream: TranscriptionStream | null = null;
  #isOver = false;
  /** Why it failed, where it did before anybody had it. */
  #error = new VoicebusError('aborted', 'The call is over.');

  private constructor(options: ChosenStreamOptions) {
    this.#options = options;
    this.provider = options.provider;
    this.#attempt = options.chain.attempt(options.provider);
  }

  /** Rejects with why there is none. */
  static async open(options: ChosenStreamOptions, signal: AbortSignal): Promise<ChosenStream> {
    const chosen = new ChosenStream(options);
    const leave = (): void => chosen.leave();
    signal.addEventListener('abort', leave, { once: true });
    try {
      await chosen.#open();
      return chosen;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  get stream(): TranscriptionStream | null {
    return this.#isOver ? null : this.#stream;
  }

  /** It has heard an utterance to its end. */
  heard(): void {
    this.#attempt.succeeded();
    this.#attempt = this.#options.chain.attempt(this.provider);
  }

  fail(error: VoicebusError): void {
    if (this.#isOver) return;
    this.#error = error;
    this.#attempt.failed(error);
    this.leave();
    this.#options.onFailed(error);
  }

  /** Nobody listens to it any more. */
  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#attempt.abandoned();
    this.#abort.abort();
    this.#dispose();
  }

  async #open(): Promise<void> {
    const { provider, sessionId } = this.#options;
    try {
      this.#stream = await provider.open({
        sessionId,
        onResult: (result) => {
          if (!this.#isOver) this.#options.onResult(result);
        },
        onError: (error) => this.fail(asVoicebusError(error, 'provider-failed', provider.name)),
        signal: this.#abort.signal,
      });
    } catch (thrown) {
      const error = asVoicebusError(thrown, 'provider-failed', `${provider.name} does not open`);
      if (!this.#isOver) this.#attempt.failed(error);
      this.leave();
      throw error;
    }
    if (!this.#isOver) return;
    this.#dispose();
    throw this.#error;
  }

  #dispose(): void {
    // What a provider says when it is taken leave of concerns nobody.
    this.#stream?.[Symbol.asyncDispose]().then(undefined, () => {});
  }
}
