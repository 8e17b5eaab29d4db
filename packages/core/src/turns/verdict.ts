import { takesTheTurn } from './backchannel.ts';
import type { TurnOptions } from './turn-options.ts';

/** A user's speech over the bot, while nobody has ruled yet whether it interrupts. */
export interface Hold {
  readonly sinceMs: number;
  /** Of the page that went silent by itself; null when only our own VAD heard it. */
  readonly holdId: string | null;
}

export interface HoldEvidence {
  readonly nowMs: number;
  /** Heard by the server's own VAD since the hold began. */
  readonly speechMs: number;
  readonly isSpeaking: boolean;
  readonly words: string;
}

/** Interim words that are more than a guess, and more than a backchannel. */
export function wordsInterrupt(
  { words, speechMs }: Pick<HoldEvidence, 'words' | 'speechMs'>,
  { shortestGuessMs }: TurnOptions,
): boolean {
  return speechMs >= shortestGuessMs && takesTheTurn(words);
}

/**
 * `interrupt` for at least one word that is no backchannel, or for enough speech; `resume` once the time
 * for a verdict is over, or the speech was and left nothing but a backchannel; else wait.
 */
export function ruleOnHold(
  hold: Hold,
  evidence: HoldEvidence,
  options: TurnOptions,
): 'interrupt' | 'resume' | 'wait' {
  if (wordsInterrupt(evidence, options)) return 'interrupt';
  if (evidence.speechMs >= options.interruptingSpeechMs) return 'interrupt';
  if (evidence.nowMs - hold.sinceMs >= options.verdictMs) return 'resume';
  return 'wait';
}
