import type { UtteranceMessage } from '../local-transcription/recogniser-channel.ts';

/** To the program, of one caller: `stream` is a number that no other caller has. */
export type ToProgram = { readonly stream: number } & (
  | { readonly type: 'open' | 'close' }
  | { readonly type: 'start' | 'end'; readonly utterance: number }
  | { readonly type: 'sound'; readonly pcm: Int16Array }
);

export type FromProgram =
  | { readonly type: 'loaded' }
  /** There is nothing to load, or nothing to load it with. The program ends after it. */
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'opened'; readonly stream: number }
  | { readonly type: 'heard'; readonly stream: number; readonly message: UtteranceMessage };
