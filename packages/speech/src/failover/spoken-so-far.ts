import type { SpeechPart } from '@voicebus/core';

/** 150 words a minute, six characters each with the space: until a voice has shown its own pace. */
const usualMsPerCharacter = 67;
/** Characters after which a voice has a pace of its own. */
const paceCharacters = 20;
/** Shorter than a syllable: the pause after a word, not the next one. */
const noSpeechMs = 80;

/**
 * How much of a message was spoken, over all voices that took part in it. The sound after the last mark was
 * given to the caller, too: it counts as spoken, to the end of the word that it reaches by the voice's pace.
 * Half a word that breaks off is better than half a sentence twice.
 */
export class SpokenSoFar {
  #marked = 0;
  #markedMs = 0;
  #sinceMarkMs = 0;

  /** `from`: where in the message the voice that gives this began. */
  add(part: SpeechPart, from: number): void {
    if (part.type === 'audio') {
      this.#sinceMarkMs += (part.pcm.length * 1000) / part.sampleRateHz;
      return;
    }
    this.#marked = Math.max(this.#marked, from + part.characters);
    this.#markedMs += this.#sinceMarkMs;
    this.#sinceMarkMs = 0;
  }

  /** Characters that marks stand for. */
  get marked(): number {
    return this.#marked;
  }

  get hasBegun(): boolean {
    return this.#marked > 0 || this.#markedMs + this.#sinceMarkMs > 0;
  }

  /** Where the next voice goes on, in the text that was written so far; from then on that much is marked. */
  goOn(text: string): number {
    const place = this.#place(text);
    this.#marked = place;
    this.#markedMs += this.#sinceMarkMs;
    this.#sinceMarkMs = 0;
    return place;
  }

  #place(text: string): number {
    if (this.#sinceMarkMs < noSpeechMs) return this.#marked;
    const hasPace = this.#marked >= paceCharacters && this.#markedMs > 0;
    const msPerCharacter = hasPace ? this.#markedMs / this.#marked : usualMsPerCharacter;
    const reached = this.#marked + Math.max(1, this.#sinceMarkMs / msPerCharacter);
    return endOfWord(text, Math.ceil(reached));
  }
}

/** The end of the word that this many characters reach into, with the white space after it. */
function endOfWord(text: string, characters: number): number {
  let at = Math.min(characters, text.length);
  // Right behind a space, the word before it is the one.
  if (/\s/.test(text[at - 1] ?? '')) at -= 1;
  while (at < text.length && !/\s/.test(text[at] ?? '')) at += 1;
  while (at < text.length && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}
