import {
  ProviderChain,
  systemClock,
  VoicebusError,
  type Clock,
  type ProviderChainOptions,
  type SpeechToText,
  type TranscriptionStream,
  type TranscriptionStreamOptions,
} from '@voicebus/core';
import { FallbackTranscriptionStream } from './fallback-transcription-stream.ts';

export interface FallbackSpeechToTextOptions extends ProviderChainOptions<SpeechToText> {
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
    const { clock = systemClock } = options;
    this.#clock = clock;
    this.#finalTimeoutMs = options.finalTimeoutMs ?? usualFinalTimeoutMs;
    this.#chain = new ProviderChain(options);
    this.name = this.#chain.name;
  }

  warmUp(): Promise<void> {
    return this.#chain.warmUp();
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
