import { availableParallelism } from 'node:os';
import type { SpeakOptions, SpeechPart, TextToSpeech } from '@voicebus/core';
import { noSuchVoice } from '../clauses/no-such-voice.ts';
import { speakClauses } from '../clauses/speak-clauses.ts';
import { FlitePool } from './flite-pool.ts';
import { speakableText } from './speakable-text.ts';

/** Our voices by flite's names: slt is a woman's voice (167 Hz), rms a man's (102 Hz). */
const fliteVoices: Readonly<Record<string, string>> = { bright: 'slt', deep: 'rms' };

export interface OfflineVoicesOptions {
  /** Threads that synthesise. Default: half the processors, at least 1 and at most 4. */
  readonly threads?: number;
}

/** Speech by flite, without a network or a key. 16 kHz; a mark after each word. */
export class OfflineVoices implements TextToSpeech {
  readonly name = 'offline';
  readonly voices = Object.keys(fliteVoices);
  readonly #pool: FlitePool;

  constructor({ threads }: OfflineVoicesOptions = {}) {
    const half = Math.floor(availableParallelism() / 2);
    this.#pool = new FlitePool(threads ?? Math.min(4, Math.max(1, half)));
  }

  /** Loads the synthesiser, so that the first sentence of the first call is as fast as the others. */
  async warmUp(): Promise<void> {
    await this.#pool.warmUp(Object.values(fliteVoices));
  }

  async *speak({ text, voice, signal }: SpeakOptions): AsyncIterable<SpeechPart> {
    const fliteVoice = fliteVoices[voice];
    if (fliteVoice === undefined) throw noSuchVoice(voice, this.voices);
    yield* speakClauses({
      text,
      signal,
      speakable: speakableText,
      synthesise: (words) => this.#pool.synthesise({ voice: fliteVoice, text: words }, signal),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool[Symbol.asyncDispose]();
  }
}
