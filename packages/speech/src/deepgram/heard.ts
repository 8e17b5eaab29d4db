/** A word, in milliseconds of the sound that it was heard in. */
export interface HeardWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 to 1. */
  readonly confidence: number;
}

/** What was understood in one stretch of sound. */
export interface Segment {
  /** As the service wrote it, with its punctuation. */
  readonly text: string;
  /** Empty where the service gives no times. */
  readonly words: readonly HeardWord[];
  readonly startMs: number;
  readonly endMs: number;
  /** Nothing of it changes any more. */
  readonly isFinal: boolean;
}

/** One message of the service, in the words of this project. */
export interface Heard {
  readonly segment: Segment;
  /** Of services that judge turns; null of those that only hear words. */
  readonly turn: 'runs' | 'eager-end' | 'resumed' | 'ended' | null;
  /** It is the first message of a turn. */
  readonly isStart: boolean;
  /** It answers a request for an end. */
  readonly isAnswer: boolean;
}
