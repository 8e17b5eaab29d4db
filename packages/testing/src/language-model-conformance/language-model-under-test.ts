import type { GenerateOptions, LanguageModel } from '@voicebus/core';

/** A request without the signal, which each test has its own of. */
export type Ask = Omit<GenerateOptions, 'signal'>;

/** What the next answer does, where a model can be made to. */
export type NextAnswer =
  /** Fails before anything of it is written. */
  | 'fails-before'
  /** Writes two words at least, then fails. */
  | 'fails-in-the-middle'
  /** Writes two words at least, then nothing more, for as long as the test takes. */
  | 'stalls-in-the-middle';

/** A kind of model, ready to be put to the test. */
export interface LanguageModelUnderTest {
  readonly model: LanguageModel;
  /** Is answered with three pieces of text at least, and no call. */
  readonly asksForText: Ask;
  /** Is answered with a call of one of its tools. */
  readonly asksForCall: Ask;
  /** Null for a model that has nothing to fail with. */
  readonly next: ((answer: NextAnswer) => void) | null;
  close(): Promise<void>;
}

export interface LanguageModelKind {
  readonly name: string;
  readonly open: () => Promise<LanguageModelUnderTest>;
}
