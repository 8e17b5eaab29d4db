import { availableParallelism } from 'node:os';
import type { SpeakOptions, SpeechPart, TextToSpeech } from '@voicebus/core';
import { readUntilAborted, VoicebusError } from '@voicebus/core';
import { ClauseCutter } from '../clauses/clause-cutter.ts';
import { FlitePool } from './flite-pool.ts';
import { shapeClause } from '../clauses/shape-clause.ts';
import { speakableText } from './speakable-text.ts';

/** Our voices by flite's names: slt is a woman's voice (167 Hz), rms a man's (102 Hz). */
const fliteVoices: Readonly<Record<string, string>> = { bright: 'slt', deep: 'rms' };

export interface OfflineVoicesOptions {
  /** Threads that synthesise. Default: half the processors, at least 1 and at most 4. */
  readonly threads?: number;
}

/** Speech by flite, without a network or a key. 16 kHz; one mark per clause. */
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
    if (fliteVoice === undefined) {
      const message = `there is no voice "${voice}"; the voices are ${this.voices.join(', ')}`;
      throw new VoicebusError('invalid-arguments', message, { data: { voice } });
    }
    const cutter = new ClauseCutter();
    let characters = 0;
    for await (const piece of readUntilAborted(text, signal)) {
      for (const clause of piece === null ? cutter.rest() : cutter.write(piece)) {
        characters += clause.length;
        const words = speakableText(clause);
        if (words !== '') {
          const wave = await this.#pool.synthesise({ voice: fliteVoice, text: words }, signal);
          if (wave === null) return;
          const pcm = shapeClause(wave, clause);
          yield { type: 'audio', pcm, sampleRateHz: wave.sampleRateHz };
          if (signal.aborted) return;
        }
        yield { type: 'mark', characters };
        if (signal.aborted) return;
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#pool[Symbol.asyncDispose]();
  }
}
