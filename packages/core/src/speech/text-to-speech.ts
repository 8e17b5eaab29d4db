/** What a synthesiser yields, in playing order. */
export type SpeechPart =
  | { readonly type: 'audio'; readonly pcm: Int16Array; readonly sampleRateHz: number }
  /**
   * Everything yielded before it speaks the first `characters` characters of the text given so far.
   * Providers with word times yield one per word, others one per clause.
   */
  | { readonly type: 'mark'; readonly characters: number };

export interface SpeakOptions {
  readonly sessionId: string;
  /** The text as it is written, in pieces of any size; the provider cuts it into clauses. */
  readonly text: AsyncIterable<string>;
  /** A voice by the name the provider knows it by; see `voices`. */
  readonly voice: string;
  readonly signal: AbortSignal;
}

/** Port for text-to-speech providers. */
export interface TextToSpeech extends AsyncDisposable {
  readonly name: string;
  /** Maps our agents' voice names ("bright", "deep") to the provider's own; an unknown one is an error. */
  readonly voices: readonly string[];
  /** Makes ready what the first message would wait for. Throws what that message would meet. */
  warmUp?(): Promise<void>;
  /** Speaks one message. Audio begins before the text is complete. Ends early when aborted. */
  speak(options: SpeakOptions): AsyncIterable<SpeechPart>;
}
