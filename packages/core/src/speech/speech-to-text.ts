/** A word and when it was said, in milliseconds from the start of its utterance. */
export interface WordTiming {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export type TranscriptionResult =
  | { readonly type: 'interim'; readonly utteranceId: string; readonly text: string }
  | {
      readonly type: 'final';
      readonly utteranceId: string;
      /** Empty when nothing was understood. */
      readonly text: string;
      readonly words?: readonly WordTiming[];
      /** 0 to 1, where the provider knows it. */
      readonly confidence?: number;
    }
  | TurnResult;

/**
 * From providers that judge turns by what is said and how; the others give none. All are about the utterance
 * that runs, and carry what was understood of it so far.
 * - `turn-started`: a turn is heard; when it is over, this provider will say so
 * - `eager-end`: it may be over: an answer may be prepared, and must not be heard yet
 * - `turn-resumed`: it was not over
 * - `end-of-turn`: it is over
 */
export interface TurnResult {
  readonly type: 'turn-started' | 'eager-end' | 'turn-resumed' | 'end-of-turn';
  readonly utteranceId: string;
  readonly text: string;
}

export interface TranscriptionStreamOptions {
  readonly sessionId: string;
  /** Interims (and turns) of one utterance in order, then exactly one final. Nothing after an error. */
  readonly onResult: (result: TranscriptionResult) => void;
  /** The stream is unusable from here on; the caller opens another one. */
  readonly onError: (error: Error) => void;
  readonly signal: AbortSignal;
}

/** One caller's recogniser. */
export interface TranscriptionStream extends AsyncDisposable {
  /** The user began to speak. Audio written from here on belongs to this utterance. */
  startUtterance(utteranceId: string): void;
  /** 16 kHz mono. Returns at once; a provider that falls behind drops the oldest audio and counts it. */
  write(pcm: Int16Array): void;
  /** The user stopped: a final result for what was written follows. */
  endUtterance(utteranceId: string): void;
}

/** Port for speech-to-text providers. */
export interface SpeechToText extends AsyncDisposable {
  /** "deepgram", "offline", "scripted" … */
  readonly name: string;
  /**
   * Does what the first call would wait for, and finds what no call could use: a refused key, a program that
   * is not there. Rejects with that; calls may be made all the same.
   */
  warmUp?(): Promise<void>;
  /** Resolves once audio can be written. */
  open(options: TranscriptionStreamOptions): Promise<TranscriptionStream>;
}
