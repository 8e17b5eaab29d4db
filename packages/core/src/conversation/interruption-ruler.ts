import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';
import type { TurnOptions } from '../turns/turn-options.ts';
import { ruleOnHold, wordsInterrupt, type Hold } from '../turns/verdict.ts';
import { takesTheTurn } from '../turns/backchannel.ts';

export interface InterruptionRulerOptions {
  readonly clock: Clock;
  readonly options: TurnOptions;
  /** The bot stops sounding until there is a verdict. */
  readonly hold: () => void;
  readonly resume: (holdId: string | null) => void;
  readonly interrupt: (hold: Hold) => void;
}

/**
 * Rules on speech over the bot: holds the bot at once, then lets it go on or has it interrupted. The page
 * may have gone silent before we heard anything; then there is a hold without speech of ours.
 */
export class InterruptionRuler {
  readonly #options: InterruptionRulerOptions;
  #isBotSounding = false;
  #stoppedMs = -Infinity;
  #hold: Hold | null = null;
  #speechMs = 0;
  #words = '';
  #isSpeaking = false;
  #cancelDeadline: (() => void) | undefined;

  constructor(options: InterruptionRulerOptions) {
    this.#options = options;
  }

  get isBotSounding(): boolean {
    return this.#isBotSounding;
  }

  /** The bot sounds, or did so recently that its echo may still be in the room. */
  get overBot(): boolean {
    const { clock, options } = this.#options;
    return this.#isBotSounding || clock.now() - this.#stoppedMs < options.botTailMs;
  }

  botSounds(sounds: boolean): void {
    if (this.#isBotSounding && !sounds) this.#stoppedMs = this.#options.clock.now();
    this.#isBotSounding = sounds;
    // An utterance that began before the bot did still is speech over the bot.
    if (sounds && this.#isSpeaking) this.#open(null);
  }

  pageHeardSpeech(holdId: string): void {
    if (!this.#isBotSounding) {
      this.#options.resume(holdId);
      return;
    }
    this.#open(holdId);
  }

  speechStarted(_atMs: number): void {
    this.#isSpeaking = true;
    this.#speechMs = 0;
    this.#words = '';
    if (this.#isBotSounding) this.#open(null);
  }

  speechHeard(speechMs: number, words: string): void {
    this.#speechMs = speechMs;
    this.#words = words;
    this.#rule();
  }

  wordsHeard(words: string): void {
    this.#words = words;
    this.#rule();
  }

  /** The utterance and its transcript are complete: the last moment for a verdict. */
  utteranceOver(text: string): 'interrupt' | 'resume' | 'none' {
    this.#isSpeaking = false;
    // What was said is ruled on with this: the next hold begins without evidence.
    this.#speechMs = 0;
    this.#words = '';
    const verdict = takesTheTurn(text) ? 'interrupt' : 'resume';
    if (this.#hold) this.#settle(verdict);
    else if (!this.#isBotSounding) return 'none';
    // After a false alarm it became words after all.
    else if (verdict === 'interrupt') this.#interruptWithoutHold();
    return verdict;
  }

  /** Somebody else interrupted: there is nothing left to rule on. */
  settled(): void {
    this.#cancelDeadline?.();
    this.#hold = null;
  }

  close(): void {
    this.settled();
  }

  #open(holdId: string | null): void {
    const { clock, options, hold } = this.#options;
    if (this.#hold) {
      this.#hold = { ...this.#hold, holdId: holdId ?? this.#hold.holdId };
      return;
    }
    this.#hold = { sinceMs: clock.now(), holdId };
    hold();
    this.#cancelDeadline = fairDeadline({
      clock,
      limitMs: options.verdictMs,
      rule: () => {
        // By now it is due, also when the timer fired a fraction of a millisecond early.
        this.#rule();
        this.#settle('resume');
      },
    });
  }

  #rule(): void {
    const { clock, options } = this.#options;
    const evidence = {
      nowMs: clock.now(),
      speechMs: this.#speechMs,
      isSpeaking: this.#isSpeaking,
      words: this.#words,
    };
    if (this.#hold) {
      const verdict = ruleOnHold(this.#hold, evidence, options);
      if (verdict !== 'wait') this.#settle(verdict);
      return;
    }
    // After a false alarm the same utterance may still become words that take the turn.
    if (this.#isBotSounding && this.#isSpeaking && wordsInterrupt(evidence, options))
      this.#interruptWithoutHold();
  }

  #interruptWithoutHold(): void {
    this.#options.interrupt({ sinceMs: this.#options.clock.now(), holdId: null });
  }

  #settle(verdict: 'interrupt' | 'resume'): void {
    const hold = this.#hold;
    if (!hold) return;
    this.settled();
    if (verdict === 'interrupt') this.#options.interrupt(hold);
    else this.#options.resume(hold.holdId);
  }
}
