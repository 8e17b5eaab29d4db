import type { GenerateOptions } from '@voicebus/core';

const goOnNote =
  'The line broke while you said your last message, after its last word. Go on with the next word, as if nothing had happened: no greeting, no apology, nothing of it again.';

/** The same request, once its answer has broken off after `said`. */
export function continuing(request: GenerateOptions, said: string): GenerateOptions {
  const { agent, messages } = request;
  return {
    ...request,
    messages: [
      ...messages,
      { id: 'broken-off', role: 'assistant', content: said, agent },
      { id: 'go-on', role: 'developer', content: goOnNote },
    ],
  };
}

interface Word {
  /** Letters and digits only, lower case. */
  readonly text: string;
  /** Where it ends in the raw text. */
  readonly end: number;
}

/** A single word may well be said twice ("that that"), a repeated pair is hardly meant. */
const shortestRepetition = 2;

/**
 * Joins a continuation to what was said: a model that begins with the last words of it all the same has
 * them taken away. Holds back only what may still turn out to be a repetition.
 */
export class Continuation {
  readonly #said: string;
  readonly #saidWords: readonly string[];
  #held = '';
  #isDecided = false;

  constructor(said: string) {
    this.#said = said;
    this.#saidWords = wordsOf(said).map(({ text }) => text);
  }

  /** What of it is new and can be said now. */
  take(piece: string): string {
    if (this.#isDecided) return piece;
    this.#held += piece;
    // The last word may go on in the next piece.
    const words = wordsOf(this.#held);
    const whole = /[\s.,!?;:]$/.test(this.#held) ? words : words.slice(0, -1);
    return this.#mayRepeat(whole) ? '' : this.#decide(whole);
  }

  /** The rest, once the answer is complete. */
  end(): string {
    return this.#isDecided ? '' : this.#decide(wordsOf(this.#held));
  }

  /** True while all of it stands somewhere in what was said, with more behind it. */
  #mayRepeat(words: readonly Word[]): boolean {
    const last = this.#saidWords.length - words.length - 1;
    for (let at = 0; at <= last; at += 1) if (this.#standsAt(words, at)) return true;
    return false;
  }

  #standsAt(words: readonly Word[], at: number): boolean {
    return words.every(({ text }, index) => this.#saidWords[at + index] === text);
  }

  #decide(words: readonly Word[]): string {
    this.#isDecided = true;
    const repeated = this.#repeated(words);
    const fresh = this.#held.slice(repeated === 0 ? 0 : (words[repeated - 1]?.end ?? 0));
    this.#held = '';
    return joint(this.#said, repeated > 0 ? fresh.replace(/^[.,!?;:…]+/, '') : fresh);
  }

  /** How many words of its beginning are the end of what was said. */
  #repeated(words: readonly Word[]): number {
    for (let count = Math.min(words.length, this.#saidWords.length); count > 0; count -= 1) {
      const given = words.slice(0, count);
      // Digits that are read out do repeat.
      if (count < shortestRepetition || given.every(({ text }) => /^\d+$/.test(text))) return 0;
      if (this.#standsAt(given, this.#saidWords.length - count)) return count;
    }
    return 0;
  }
}

/** Models write the space before a word, unless it is the first of an answer. */
function joint(said: string, fresh: string): string {
  if (/\s$/.test(said)) return fresh.trimStart();
  return /^[\p{L}\p{N}]/u.test(fresh) ? ` ${fresh}` : fresh;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)].map((match) => ({
    text: match[0].toLowerCase(),
    end: match.index + match[0].length,
  }));
}
