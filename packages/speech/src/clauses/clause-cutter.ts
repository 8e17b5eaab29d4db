/** Below it a comma does not end a clause: short clauses sound chopped, each has its own melody. */
const shortestClause = 60;
/** The first clause may be short, because the caller waits for it. */
const shortestFirstClause = 15;
/** About 12 s of speech and 250 ms of synthesis: longer runs without a stop are cut at a space. */
const longestClause = 200;

const sentenceEnd = /[.!?…]+["')\]]*\s+|[:;]\s+|\n+/g;
const commaEnd = /,\s+|\s[–—-]+\s+/g;
/** A full stop after these does not end a sentence. */
const abbreviation = /(?:^|\s)(?:dr|mr|mrs|ms|st|no|vs|e\.g|i\.e|approx|etc|inc|ltd|[a-z])\.\s+$/i;

/** Cuts text that arrives in pieces into clauses that can be spoken one by one. Loses no character. */
export class ClauseCutter {
  #text = '';
  #isFirst = true;

  /** The clauses that are complete now. */
  write(piece: string): readonly string[] {
    this.#text += piece;
    const clauses: string[] = [];
    for (let end = this.#nextEnd(); end > 0; end = this.#nextEnd()) {
      clauses.push(this.#text.slice(0, end));
      this.#text = this.#text.slice(end);
      this.#isFirst = false;
    }
    return clauses;
  }

  /** What is left at the end of the text. */
  rest(): readonly string[] {
    const clauses = this.#text === '' ? [] : [this.#text];
    this.#text = '';
    return clauses;
  }

  /** Where the first clause ends, with the white space after it; 0 while it may go on. */
  #nextEnd(): number {
    const sentence = this.#firstEnd(sentenceEnd, 1);
    const comma = this.#firstEnd(commaEnd, this.#isFirst ? shortestFirstClause : shortestClause);
    const ends = [sentence, comma].filter((end) => end > 0);
    if (ends.length > 0) return Math.min(...ends);
    if (this.#text.length <= longestClause) return 0;
    const space = this.#text.lastIndexOf(' ', longestClause);
    return space > 0 ? space + 1 : longestClause;
  }

  #firstEnd(pattern: RegExp, shortest: number): number {
    for (const match of this.#text.matchAll(pattern)) {
      const end = match.index + match[0].length;
      if (end < shortest || abbreviation.test(this.#text.slice(0, end))) continue;
      return end;
    }
    return 0;
  }
}
