import {
  asVoicebusError,
  ProviderChain,
  systemClock,
  VoicebusError,
  type CircuitChange,
  type CircuitOptions,
  type Clock,
  type SpeechToText,
  type TranscriptionStream,
  type TranscriptionStreamOptions,
} from '@voicebus/core';
import { FallbackTranscriptionStream } from './fallback-transcription-stream.ts';

export interface FallbackSpeechToTextOptions {
  /** First choice first. Owned from here on. */
  readonly providers: readonly [SpeechToText, ...SpeechToText[]];
  readonly clock?: Clock;
  readonly circuit?: Partial<CircuitOptions>;
  readonly onChange?: (change: CircuitChange) => void;
  /** From the end of an utterance to its final; then the provider counts as hanging. */
  readonly finalTimeoutMs?: number;
}

/** Longer than any of ours waits for a service that is only behind (2.5 to 3 s). */
const usualFinalTimeoutMs = 4_000;

/**
 * Several recognisers as one. Where one dies in the middle of an utterance, the next hears that utterance from
 * its beginning, and it still gets exactly one final. A call goes back to a better choice between utterances.
 */
export class FallbackSpeechToText implements SpeechToText {
  readonly name: string;
  readonly #chain: ProviderChain<SpeechToText>;
  readonly #clock: Clock;
  readonly #finalTimeoutMs: number;
  readonly #streams = new Set<FallbackTranscriptionStream>();
  #isClosed = false;

  constructor(options: FallbackSpeechToTextOptions) {
    const { providers, clock = systemClock, circuit, onChange } = options;
    this.name = providers.map(({ name }) => name).join(', then ');
    this.#clock = clock;
    this.#finalTimeoutMs = options.finalTimeoutMs ?? usualFinalTimeoutMs;
    this.#chain = new ProviderChain({
      providers,
      clock,
      ...(circuit ? { circuit } : {}),
      ...(onChange ? { onChange } : {}),
    });
  }

  /** A refused key, say, is found before a caller pays for it. Never rejects: that is the chain's to know. */
  async warmUp(): Promise<void> {
    await Promise.all(
      this.#chain.providers.map(async (provider) => {
        if (!provider.warmUp) return;
        const attempt = this.#chain.attempt(provider);
        try {
          await provider.warmUp();
          attempt.succeeded();
        } catch (thrown) {
          attempt.failed(asVoicebusError(thrown, 'provider-failed', `${provider.name} failed`));
        }
      }),
    );
  }

  /** At once: what is said before a recogniser is there is kept for it. */
  async open(options: TranscriptionStreamOptions): Promise<TranscriptionStream> {
    if (this.#isClosed) throw new VoicebusError('closed', 'The recogniser is closed.');
    if (options.signal.aborted) throw new VoicebusError('aborted', 'The call is over.');
    const stream = new FallbackTranscriptionStream({
      ...options,
      chain: this.#chain,
      clock: this.#clock,
      finalTimeoutMs: this.#finalTimeoutMs,
      onClosed: () => this.#streams.delete(stream),
    });
    this.#streams.add(stream);
    stream.open();
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const stream of this.#streams) stream.close();
    await this.#chain[Symbol.asyncDispose]();
  }
}
