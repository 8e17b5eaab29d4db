import type { SpeechPart, WordTiming } from '@voicebus/core';
import { WordPlaces } from './word-places.ts';

/** A word that starts this long before the last one ended is timed by another clock. */
const restartMs = 300;

interface PendingMark {
  readonly atSample: number;
  readonly characters: number;
}

/**
 * Joins the sound of one message with the times of its words: every mark stands exactly behind the sound of
 * its word. Sound is never held back for a mark: one whose word was told late stands where it was told.
 */
export class MarkedSound {
  readonly #sampleRateHz: number;
  readonly #places = new WordPlaces();
  /** Where the service's clock stood at zero, in samples of this message. */
  #zero = 0;
  #samples = 0;
  #marked = 0;
  #pending: PendingMark[] = [];
  #lastWordEndMs = 0;
  #flushId: number | null = null;
  /** Where the sound of the flush that sounds now began. */
  #flushStart = 0;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
  }

  /** More of the message's text, spoken or not. */
  given(text: string): void {
    this.#places.given(text);
  }

  get characters(): number {
    return this.#places.length;
  }

  /** Every word up to here was told, and its sound was given. */
  isSpokenTo(characters: number): boolean {
    const spoken = this.#pending.length === 0 ? this.#places.at : 0;
    return Math.max(this.#marked, spoken) >= characters;
  }

  /** Words are timed from here on: a new context speaks. */
  restart(): void {
    this.#zero = this.#samples;
    this.#lastWordEndMs = 0;
    this.#flushId = null;
    this.#flushStart = this.#samples;
  }

  sound(pcm: Int16Array, flushId: number | null): SpeechPart[] {
    this.#flushBegins(flushId);
    const parts: SpeechPart[] = [];
    let from = 0;
    while (from < pcm.length) {
      const next = this.#pending[0];
      const toMark = next ? next.atSample - this.#samples : Infinity;
      const end = Math.min(pcm.length, from + toMark);
      // A view of what came over the wire: nothing is copied.
      parts.push({
        type: 'audio',
        pcm: pcm.subarray(from, end),
        sampleRateHz: this.#sampleRateHz,
      });
      this.#samples += end - from;
      from = end;
      parts.push(...this.#dueMarks());
    }
    return parts;
  }

  words(words: readonly WordTiming[], flushId: number | null): SpeechPart[] {
    const startMs = words[0]?.startMs ?? 0;
    // Whether a flush starts the clock again is not documented: both are understood.
    if (startMs < this.#lastWordEndMs - restartMs) {
      this.#zero = flushId === this.#flushId ? this.#flushStart : this.#samples;
    }
    for (const { text, endMs } of words) {
      this.#lastWordEndMs = endMs;
      const characters = this.#places.find(text);
      if (characters === null) continue;
      const atSample = this.#zero + Math.round((endMs * this.#sampleRateHz) / 1000);
      const before = this.#pending.at(-1)?.atSample ?? 0;
      this.#pending.push({ atSample: Math.max(before, atSample), characters });
    }
    return this.#dueMarks();
  }

  /** Everything up to this character was spoken, whatever was told of its words. */
  spokenTo(characters: number): SpeechPart[] {
    this.#places.moveTo(characters);
    this.#pending = this.#pending.filter((mark) => mark.characters > characters);
    return this.#mark(characters);
  }

  #flushBegins(flushId: number | null): void {
    if (flushId === this.#flushId) return;
    this.#flushId = flushId;
    this.#flushStart = this.#samples;
  }

  #dueMarks(): SpeechPart[] {
    const parts: SpeechPart[] = [];
    for (let mark = this.#pending[0]; mark && mark.atSample <= this.#samples;) {
      this.#pending.shift();
      parts.push(...this.#mark(mark.characters));
      mark = this.#pending[0];
    }
    return parts;
  }

  #mark(characters: number): SpeechPart[] {
    if (characters <= this.#marked) return [];
    this.#marked = characters;
    return [{ type: 'mark', characters }];
  }
}
