export interface SpokenWord {
  /** Index of the word's first character in the clause. */
  readonly at: number;
  /** In the clause's wave. */
  readonly startMs: number;
}

export interface SpokenWordsOptions {
  readonly clause: string;
  /** What the synthesiser was given for a piece of text; its words are divided by single spaces. */
  readonly speakable: (text: string) => string;
  /** Of each word of what was synthesised. */
  readonly wordStartsMs: readonly number[];
}

/**
 * The clause's own words after the first, with when they begin. "$20" is two words to a synthesiser; where
 * the clause as a whole became other words than one by one, nothing is known: none.
 */
export function spokenWords(options: SpokenWordsOptions): readonly SpokenWord[] {
  const { clause, speakable, wordStartsMs } = options;
  const words: SpokenWord[] = [];
  let spoken = 0;
  for (const { 0: word, index } of clause.matchAll(/\S+/g)) {
    const count = countWords(speakable(word));
    const startMs = wordStartsMs[spoken];
    if (count > 0 && spoken > 0 && startMs !== undefined) words.push({ at: index, startMs });
    spoken += count;
  }
  return spoken === wordStartsMs.length ? words : [];
}

function countWords(text: string): number {
  return text === '' ? 0 : text.split(' ').length;
}
