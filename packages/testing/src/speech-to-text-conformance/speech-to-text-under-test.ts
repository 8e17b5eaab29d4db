import type { SpeechToText } from '@voicebus/core';

/** A recogniser, ready to be put to the test. */
export interface SpeechToTextUnderTest {
  readonly speechToText: SpeechToText;
  /** Somebody who says this, at 16 kHz, without silence around it. */
  speak(text: string): Promise<Int16Array>;
  /** Its service, its process: gone at once. Null where nobody can break it. */
  readonly breakDown: (() => void) | null;
  close(): Promise<void>;
}

export interface SpeechToTextKind {
  readonly name: string;
  readonly open: () => Promise<SpeechToTextUnderTest>;
  /** How long a whole sentence that comes at once may take on a busy machine. */
  readonly limitMs: number;
}
