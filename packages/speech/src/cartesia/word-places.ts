/** How many words the service may have read otherwise (a price, a symbol) before one is found again. */
const wordsToSkip = 6;

const isWordCharacter = (character: string): boolean => /[\p{L}\p{N}]/u.test(character);

/**
 * Finds the words that a service says it spoke in the text that it was given. Only letters and digits count:
 * services drop punctuation, join and split words, and write them in other cases.
 */
export class WordPlaces {
  #text = '';
  #at = 0;

  given(text: string): void {
    this.#text += text;
  }

  /** How long the text is. */
  get length(): number {
    return this.#text.length;
  }

  /** Where the next word is looked for: all before it was found. */
  get at(): number {
    return this.#at;
  }

  /**
   * Characters of the text up to the end of this word, with what follows it up to the next one; null when it
   * is not there (what was written as "$5" is spoken as something else).
   */
  find(word: string): number | null {
    const wanted = [...word.toLowerCase()].filter(isWordCharacter);
    if (wanted.length === 0) return null;
    let start = this.#nextWordStart(this.#at);
    for (let skipped = 0; skipped <= wordsToSkip && start < this.#text.length; skipped += 1) {
      const end = this.#matchEnd(start, wanted);
      if (end !== null) {
        this.#at = this.#nextWordStart(end);
        return this.#at;
      }
      start = this.#nextWordStart(this.#wordEnd(start));
    }
    return null;
  }

  /** Everything up to here was spoken, whatever words it was. */
  moveTo(characters: number): void {
    this.#at = Math.max(this.#at, characters);
  }

  #matchEnd(start: number, wanted: readonly string[]): number | null {
    let at = start;
    for (const letter of wanted) {
      at = this.#nextWordStart(at);
      const character = this.#characterAt(at);
      if (character.toLowerCase() !== letter) return null;
      at += character.length;
    }
    return at;
  }

  #nextWordStart(from: number): number {
    let at = from;
    while (at < this.#text.length && !isWordCharacter(this.#characterAt(at)))
      at += this.#characterAt(at).length;
    return at;
  }

  /** Where the run of anything but white space ends. */
  #wordEnd(from: number): number {
    let at = from;
    while (at < this.#text.length && !/\s/.test(this.#text[at] ?? '')) at += 1;
    return at;
  }

  #characterAt(at: number): string {
    const point = this.#text.codePointAt(at);
    return point === undefined ? '' : String.fromCodePoint(point);
  }
}
