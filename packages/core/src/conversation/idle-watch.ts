import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';
import type { TurnOptions } from '../turns/turn-options.ts';

export interface IdleWatchOptions {
  readonly clock: Clock;
  readonly options: Pick<TurnOptions, 'callerIdleMs' | 'callerGoneMs'>;
  /** Something goes on that the caller waits for: a tool, a sentence of their own. */
  readonly isBusy: () => boolean;
  /** The caller was silent for long: somebody should ask, once. */
  readonly onIdle: () => void;
  /** They did not answer that either. */
  readonly onGone: () => void;
}

/**
 * Waits for a caller who says nothing. It is their turn from the moment when the bot has stopped; a noise
 * that comes to nothing only puts the question off, a word starts anew.
 */
export class IdleWatch {
  readonly #options: IdleWatchOptions;
  #wasAsked = false;
  #isMuted = false;
  #isTheirTurn = false;
  #isClosed = false;
  #cancel: (() => void) | undefined;

  constructor(options: IdleWatchOptions) {
    this.#options = options;
  }

  /** The bot has stopped, or what the caller began came to nothing. */
  theirTurn(): void {
    this.#isTheirTurn = true;
    this.#arm();
  }

  /** The bot speaks, or the caller does. */
  notNow(): void {
    this.#isTheirTurn = false;
    this.#cancel?.();
  }

  /** They are there: they said or wrote something. */
  heardFrom(): void {
    this.#wasAsked = false;
    this.notNow();
  }

  /** Who muted the microphone said by that that they are busy. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#cancel?.();
    if (!isMuted && this.#isTheirTurn) this.#arm();
  }

  /** The call is over: nobody is asked for any more, whatever is still said about it. */
  close(): void {
    this.#isClosed = true;
    this.notNow();
  }

  #arm(): void {
    const { clock, options } = this.#options;
    this.#cancel?.();
    const waitMs = this.#wasAsked ? options.callerGoneMs : options.callerIdleMs;
    if (this.#isClosed || this.#isMuted || !Number.isFinite(waitMs)) return;
    this.#cancel = fairDeadline({ clock, limitMs: waitMs, rule: () => this.#due() });
  }

  #due(): void {
    if (this.#options.isBusy()) {
      this.#arm();
      return;
    }
    this.notNow();
    if (this.#wasAsked) {
      this.#options.onGone();
      return;
    }
    this.#wasAsked = true;
    this.#options.onIdle();
  }
}
