import {
  systemClock,
  type Clock,
  type SpeakOptions,
  type SpeechPart,
  type TextToSpeech,
} from '@voicebus/core';
import { cartesiaName } from './cartesia-error.ts';
import { CartesiaLink } from './cartesia-link.ts';
import type { ContextRequest } from './speech-context.ts';
import { Utterance } from './utterance.ts';
import { noSuchVoice } from '../clauses/no-such-voice.ts';

export interface CartesiaVoicesOptions {
  readonly apiKey: string;
  /** Default: the service's own. */
  readonly baseUrl?: string | null;
  /** Default: "sonic-3.5", the newest that the SDK names. */
  readonly model?: string | null;
  /** Ids of the service's voices by our names. Default: Katie is "bright", Jameson "deep". */
  readonly voices?: Readonly<Record<string, string>>;
  /** Default: "en". */
  readonly language?: string | null;
  readonly clock?: Clock;
  /** For a connection; default 2 s. With `silenceMs` it stays below the 5 s after which a call gives a voice up. */
  readonly connectMs?: number;
  /** For the first sound, and for each next one while it has something to say; default 2 s. */
  readonly silenceMs?: number;
  /** Told how long each connection took to stand, in milliseconds. */
  readonly onConnected?: (ms: number) => void;
  /** 0 to 1; spreads reconnects. */
  readonly random?: () => number;
}

/** Both are recommended by the service for agents: stable, realistic voices. */
export const cartesiaVoiceIds = {
  bright: 'f786b574-daa5-4673-aa0c-cbe3e8534c02',
  deep: 'a5136bf9-224c-4d76-b823-52bd5efcffcc',
} as const;

const serviceUrl = 'https://api.cartesia.ai';
/** Opus takes it as it is, at half the bytes of 48 kHz; voices have nothing above 12 kHz. */
const sampleRateHz = 24_000;

/** Speech by Cartesia, over one WebSocket per process. 24 kHz; one mark per word. */
export class CartesiaVoices implements TextToSpeech {
  readonly name = cartesiaName;
  readonly voices: readonly string[];
  readonly #voiceIds: Readonly<Record<string, string>>;
  readonly #request: Omit<ContextRequest, 'voiceId'>;
  readonly #apiKey: string;
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #link: CartesiaLink;

  constructor(options: CartesiaVoicesOptions) {
    const { apiKey, voices = {} } = options;
    this.#voiceIds = { ...cartesiaVoiceIds, ...voices };
    this.voices = Object.keys(this.#voiceIds);
    this.#request = {
      modelId: options.model ?? 'sonic-3.5',
      language: options.language ?? 'en',
      sampleRateHz,
    };
    this.#apiKey = apiKey;
    this.#clock = options.clock ?? systemClock;
    this.#silenceMs = options.silenceMs ?? 2_000;
    this.#link = new CartesiaLink({
      apiKey,
      baseUrl: options.baseUrl ?? serviceUrl,
      clock: this.#clock,
      connectMs: options.connectMs ?? 2_000,
      onConnected: options.onConnected ?? (() => {}),
      random: options.random ?? Math.random,
    });
  }

  /** Connects; rejects with what is wrong (a refused key …), and works all the same once it is put right. */
  warmUp(): Promise<void> {
    return this.#link.warmUp();
  }

  async *speak({ text, voice, signal }: SpeakOptions): AsyncIterable<SpeechPart> {
    const voiceId = this.#voiceIds[voice];
    if (voiceId === undefined) throw noSuchVoice(voice, this.voices);
    const ours = new AbortController();
    const own = AbortSignal.any([signal, ours.signal]);
    const utterance = new Utterance({
      ...this.#request,
      voiceId,
      link: this.#link,
      clock: this.#clock,
      apiKey: this.#apiKey,
      silenceMs: this.#silenceMs,
    });
    void utterance.write(text, own);
    try {
      yield* utterance.parts(own);
    } finally {
      ours.abort();
      utterance.close();
    }
  }

  get isConnecting(): boolean {
    return this.#link.isConnecting;
  }

  /** Messages that are being spoken. */
  get contexts(): number {
    return this.#link.contexts;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link[Symbol.asyncDispose]();
  }
}
