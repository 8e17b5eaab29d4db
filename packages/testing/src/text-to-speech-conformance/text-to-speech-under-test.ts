import type { TextToSpeech } from '@voicebus/core';

/** Voices, ready to be put to the test. */
export interface TextToSpeechUnderTest {
  readonly textToSpeech: TextToSpeech;
  /** Makes the next message fail after its first sound; null where nothing can be broken. */
  readonly failNext: (() => void) | null;
  close(): Promise<void>;
}

export interface TextToSpeechKind {
  readonly name: string;
  readonly open: () => Promise<TextToSpeechUnderTest>;
  /** How long a few sentences may take on a busy machine. */
  readonly limitMs: number;
}
