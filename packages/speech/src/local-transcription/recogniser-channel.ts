import type { VoicebusError, WordTiming } from '@voicebus/core';

/** What a recogniser's program makes of the sound. Utterances are numbered by us. */
export type UtteranceMessage =
  /** The same once more is a sign of life of a program that is behind. */
  | { readonly type: 'partial'; readonly utterance: number; readonly text: string }
  | {
      readonly type: 'final';
      readonly utterance: number;
      readonly text: string;
      readonly words: readonly WordTiming[];
    };

export interface RecogniserListener {
  onMessage(message: UtteranceMessage): void;
  /** The program is gone or unusable; called at most once, not after `close`. */
  onFailure(error: VoicebusError): void;
}

/** The way to a program that recognises speech, for one caller. */
export interface RecogniserChannel {
  /** From here on one caller's; a failure that has happened before is told at once. */
  attach(listener: RecogniserListener): void;
  startUtterance(utterance: number): void;
  endUtterance(utterance: number): void;
  /** 16 kHz; what is written outside an utterance is nobody's. */
  write(pcm: Int16Array): void;
  close(): void;
}
