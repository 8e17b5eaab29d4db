import type { Circuit } from '@voicebus/core';

/** As the settings call them. */
export type Part = 'stt' | 'llm' | 'tts';

/**
 * - `connect`: until a recogniser listens; a model's or voice's connection, which many calls share
 * - `first-byte`: a request to a model until its first word or call; a clause to a voice until its first sound
 * - `first-clause`: a request to a model until there is something to speak
 * - `final`: the end of an utterance until its final transcript
 */
export type Stage = 'connect' | 'first-byte' | 'first-clause' | 'final';

export type Outcome = 'complete' | 'failed' | 'abandoned';

/** A provider of one part, as numbers are kept of it. */
export interface Measured {
  readonly part: Part;
  readonly provider: string;
}

/** What a provider used up, or gave. */
export type Amount =
  /** Of sound that was heard, or spoken. */
  | 'seconds'
  /** Of text that was to be spoken. */
  | 'characters'
  | 'input-tokens'
  | 'output-tokens';

/** Told what providers do; null where no single call is meant. */
export interface ProviderMeter {
  took(
    who: Measured,
    stage: Stage,
    took: { readonly ms: number; readonly sessionId: string | null },
  ): void;
  /** Sound of one call, at the end of what was heard or spoken; `used` has counted it. */
  sounded(who: Measured, sound: { readonly seconds: number; readonly sessionId: string }): void;
  ended(who: Measured, outcome: Outcome): void;
  used(who: Measured, what: Amount, amount: number): void;
  /** Whether it is asked now. */
  circuit(who: Measured, state: Circuit['type']): void;
}

/** For whoever counts nothing. */
export const noMeter: ProviderMeter = {
  took: () => {},
  sounded: () => {},
  ended: () => {},
  used: () => {},
  circuit: () => {},
};
