import type { TranscriptionResult, WordTiming } from '@voicebus/core';
import type { Span, Understood } from './transcript.ts';

/** Our detector is 64 to 96 ms late, and a first consonant is soft: what came just before belongs to it. */
const beforeMs = 300;
/**
 * The shortest silence that ends an utterance of ours: in its last stretch nothing was said, so a service that
 * has listened up to there has heard it all.
 */
const silentEndMs = 250;

/** Sound that comes between a result and what our turn rules make of it: a few packets. */
const sameMomentMs = 100;

/** One stretch of the caller's speech, by our own detector; in milliseconds of the call's sound. */
export class Utterance {
  readonly id: string;
  readonly startMs: number;
  readonly fromMs: number;
  /** On the clock: sound may come faster than it was spoken. */
  readonly startedAtMs: number;
  #endMs: number | null = null;
  /** What was last said about it. */
  interim = '';
  isInTurn = false;
  /** When the service last said that its turn is over, in milliseconds of the call's sound. */
  #turnEndedMs = -Infinity;
  /** How often the connection that runs was asked for its end. */
  asked = 0;
  /** The service said that its request for an end is answered. */
  isAnswered = false;
  /** On the clock: when its final is due at the latest. */
  latestMs = 0;
  cancelDeadline: () => void = () => {};

  constructor(
    id: string,
    options: {
      readonly startMs: number;
      /** What was said before belongs to the utterance before. */
      readonly notBeforeMs: number;
      readonly nowMs: number;
    },
  ) {
    this.id = id;
    this.startMs = options.startMs;
    this.fromMs = Math.max(0, options.startMs - beforeMs, options.notBeforeMs);
    this.startedAtMs = options.nowMs;
  }

  get span(): Span {
    return { fromMs: this.fromMs, untilMs: this.#endMs ?? Infinity };
  }

  get endMs(): number | null {
    return this.#endMs;
  }

  turnEnded(atMs: number): void {
    this.isInTurn = false;
    this.#turnEndedMs = atMs;
  }

  end(atMs: number): void {
    this.#endMs = atMs;
    // Ended on the service's own word, which was its last one on this turn: nothing is to be waited for.
    if (atMs - this.#turnEndedMs <= sameMomentMs) this.isAnswered = true;
  }

  /**
   * Whether nothing more is to be expected. `isFinished`: some of it is finished, none of it runs; where it is
   * not, every millisecond has to have been listened to, or a late "yes" would be lost.
   */
  isHeard(listenedMs: number, isFinished: boolean): boolean {
    if (this.#endMs === null) return false;
    return this.isAnswered || listenedMs >= this.#endMs - (isFinished ? silentEndMs : 0);
  }

  final({ text, words }: Understood): Extract<TranscriptionResult, { type: 'final' }> {
    const final = { type: 'final', utteranceId: this.id, text } as const;
    if (words.length === 0) return final;
    const inUtterance = (ms: number): number => Math.max(0, Math.round(ms - this.startMs));
    const timings: readonly WordTiming[] = words.map((word) => ({
      text: word.text,
      startMs: inUtterance(word.startMs),
      endMs: inUtterance(word.endMs),
    }));
    const sum = words.reduce((total, { confidence }) => total + confidence, 0);
    return { ...final, words: timings, confidence: sum / words.length };
  }
}
