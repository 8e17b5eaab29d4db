import { readUntilAborted, type SpeechPart } from '@voicebus/core';
import { ClauseCutter } from './clause-cutter.ts';
import { shapeClause } from './shape-clause.ts';
import { spokenWords } from './spoken-words.ts';
import type { SpokenWave } from './wave.ts';

export interface SpeakClausesOptions {
  readonly text: AsyncIterable<string>;
  readonly signal: AbortSignal;
  /** A clause as the synthesiser is given it; empty: there is nothing in it to say. */
  readonly speakable: (clause: string) => string;
  /** Null: it was aborted. */
  readonly synthesise: (words: string) => Promise<SpokenWave | null>;
}

/**
 * Speaks a text while it is written, clause by clause: a mark after each word where the synthesiser knows
 * their times, else after each clause.
 */
export async function* speakClauses(
  options: SpeakClausesOptions,
): AsyncGenerator<SpeechPart, void> {
  const { text, signal, speakable, synthesise } = options;
  const cutter = new ClauseCutter();
  let characters = 0;
  for await (const piece of readUntilAborted(text, signal)) {
    for (const clause of piece === null ? cutter.rest() : cutter.write(piece)) {
      const before = characters;
      characters += clause.length;
      const words = speakable(clause);
      if (words !== '') {
        const wave = await synthesise(words);
        if (wave === null) return;
        const { sampleRateHz, wordStartsMs = [] } = wave;
        const { pcm, cutMs } = shapeClause(wave, clause);
        let from = 0;
        for (const word of spokenWords({ clause, speakable, wordStartsMs })) {
          const to = Math.round(((word.startMs - cutMs) * sampleRateHz) / 1000);
          if (to <= from || to >= pcm.length) continue;
          yield { type: 'audio', pcm: pcm.subarray(from, to), sampleRateHz };
          if (signal.aborted) return;
          yield { type: 'mark', characters: before + word.at };
          if (signal.aborted) return;
          from = to;
        }
        yield { type: 'audio', pcm: pcm.subarray(from), sampleRateHz };
        if (signal.aborted) return;
      }
      yield { type: 'mark', characters };
      if (signal.aborted) return;
    }
  }
}
