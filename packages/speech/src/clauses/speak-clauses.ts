import { readUntilAborted, type SpeechPart } from '@voicebus/core';
import { ClauseCutter } from './clause-cutter.ts';
import { shapeClause } from './shape-clause.ts';
import type { Wave } from './wave.ts';

export interface SpeakClausesOptions {
  readonly text: AsyncIterable<string>;
  readonly signal: AbortSignal;
  /** A clause as the synthesiser is given it; empty: there is nothing in it to say. */
  readonly speakable: (clause: string) => string;
  /** Null: it was aborted. */
  readonly synthesise: (words: string) => Promise<Wave | null>;
}

/** Speaks a text while it is written, clause by clause, for voices that know no times: one mark per clause. */
export async function* speakClauses(
  options: SpeakClausesOptions,
): AsyncGenerator<SpeechPart, void> {
  const { text, signal, speakable, synthesise } = options;
  const cutter = new ClauseCutter();
  let characters = 0;
  for await (const piece of readUntilAborted(text, signal)) {
    for (const clause of piece === null ? cutter.rest() : cutter.write(piece)) {
      characters += clause.length;
      const words = speakable(clause);
      if (words !== '') {
        const wave = await synthesise(words);
        if (wave === null) return;
        const { sampleRateHz } = wave;
        yield { type: 'audio', pcm: shapeClause(wave, clause), sampleRateHz };
        if (signal.aborted) return;
      }
      yield { type: 'mark', characters };
      if (signal.aborted) return;
    }
  }
}
