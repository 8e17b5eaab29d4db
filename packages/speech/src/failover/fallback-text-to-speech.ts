import {
  abortableDelay,
  asVoicebusError,
  defaultRetryOptions,
  exhausted,
  guardedStream,
  ProviderChain,
  readUntilAborted,
  retryDelayMs,
  systemClock,
  TextQueue,
  type VoicebusError,
  type Clock,
  type ProviderChainOptions,
  type RetryOptions,
  type SpeakOptions,
  type SpeechPart,
  type TextToSpeech,
} from '@voicebus/core';
import { noSuchVoice } from '../clauses/no-such-voice.ts';
import { SpokenSoFar } from './spoken-so-far.ts';

export interface FallbackTextToSpeechOptions extends ProviderChainOptions<TextToSpeech> {
  readonly retry?: Partial<RetryOptions>;
}

/**
 * A provider that gives no sound for this long, with text to speak, is left for the next one: a call waits 5 s
 * for its voice, and the next one needs its time, too.
 */
const silenceMs = 3_000;

interface Message {
  readonly options: SpeakOptions;
  readonly text: TextQueue;
  readonly spoken: SpokenSoFar;
  /** Of the caller, or of the text, which may break, too. */
  readonly signal: AbortSignal;
}

/**
 * Several voices as one. Where one breaks off in the middle of a message, the next one goes on behind what
 * was spoken; nothing is spoken twice.
 */
export class FallbackTextToSpeech implements TextToSpeech {
  readonly name: string;
  readonly voices: readonly string[];
  readonly #chain: ProviderChain<TextToSpeech>;
  readonly #clock: Clock;
  readonly #retry: RetryOptions;

  constructor(options: FallbackTextToSpeechOptions) {
    const { providers, clock = systemClock, retry } = options;
    this.voices = providers[0].voices;
    this.#clock = clock;
    this.#retry = { ...defaultRetryOptions, ...retry };
    this.#chain = new ProviderChain(options);
    this.name = this.#chain.name;
  }

  warmUp(): Promise<void> {
    return this.#chain.warmUp();
  }

  async *speak(options: SpeakOptions): AsyncGenerator<SpeechPart, void> {
    if (!this.voices.includes(options.voice)) throw noSuchVoice(options.voice, this.voices);
    const broken = new AbortController();
    const signal = AbortSignal.any([options.signal, broken.signal]);
    const text = new TextQueue(() => this.#clock.now());
    // A single writer and several readers: what one voice has read, the next one may need again.
    const reading = this.#read(options.text, text, signal).catch((thrown: unknown) => {
      broken.abort();
      throw thrown;
    });
    reading.catch(() => {});
    try {
      yield* this.#speakInTurn({ options, text, signal, spoken: new SpokenSoFar() });
      if (broken.signal.aborted) await reading;
    } finally {
      broken.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chain[Symbol.asyncDispose]();
  }

  async *#speakInTurn(message: Message): AsyncGenerator<SpeechPart, void> {
    const { spoken, text, signal } = message;
    let error: VoicebusError | null = null;
    for (const provider of this.#chain.candidates()) {
      for (let attempt = 1; ; attempt += 1) {
        const failed: VoicebusError | null = yield* this.#ask(provider, message);
        if (!failed || signal.aborted) return;
        error = failed;
        const { marked } = spoken;
        const characters = spoken.goOn(text.text);
        if (characters > marked) yield { type: 'mark', characters };
        if (text.isFinished && characters === text.text.length) return;
        const delayMs = spoken.hasBegun ? null : retryDelayMs(failed, attempt, this.#retry);
        if (delayMs === null) break;
        if (!(await abortableDelay(this.#clock, delayMs, signal))) return;
      }
    }
    if (error) throw exhausted(error);
  }

  /** One voice, from where the last one stopped. Gives what went wrong; null: all is spoken, or nobody listens. */
  async *#ask(
    provider: TextToSpeech,
    { options, text, spoken, signal }: Message,
  ): AsyncGenerator<SpeechPart, VoicebusError | null> {
    const attempt = this.#chain.attempt(provider);
    const from = spoken.marked;
    let hasBegun = false;
    try {
      const parts = guardedStream({
        name: provider.name,
        clock: this.#clock,
        signal,
        limitMs: silenceMs,
        dueSinceMs: () => text.readableSinceMs,
        start: (own) =>
          provider.speak({
            sessionId: options.sessionId,
            text: text.pieces(own, from),
            voice: this.#voiceOf(provider, options.voice),
            signal: own,
          }),
      });
      for await (const part of parts) {
        if (signal.aborted) return null;
        hasBegun = true;
        spoken.add(part, from);
        yield part.type === 'mark' ? { type: 'mark', characters: from + part.characters } : part;
      }
      if (signal.aborted) return null;
      attempt.succeeded();
      return null;
    } catch (thrown) {
      if (signal.aborted) return null;
      const error = asVoicebusError(thrown, 'provider-failed', `${provider.name} failed`);
      attempt.failed(error);
      return error;
    } finally {
      // Where neither was said before, the caller went on: what began was well.
      if (hasBegun) attempt.succeeded();
      else attempt.abandoned();
    }
  }

  async #read(source: AsyncIterable<string>, text: TextQueue, signal: AbortSignal): Promise<void> {
    for await (const piece of readUntilAborted(source, signal)) {
      if (piece === null) text.finish();
      else text.write(piece);
    }
  }

  /** The same name, or the voice in the same place: "bright" is the first of all of them. */
  #voiceOf({ voices }: TextToSpeech, voice: string): string {
    if (voices.includes(voice)) return voice;
    const place = this.voices.indexOf(voice);
    return voices[place % voices.length] ?? voice;
  }
}
