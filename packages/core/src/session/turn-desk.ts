import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';

export interface TurnDeskOptions {
  readonly clock: Clock;
  /** From a turn's request to its first word or tool. */
  readonly responseTimeoutMs: number;
  readonly onNoAnswer: (turnId: string) => void;
}

interface OpenTurn {
  readonly turnId: string;
  readonly cancelDeadline: () => void;
  isAnswered: boolean;
}

/** The one turn that the holder works on, and the one that waits for a holder. */
export class TurnDesk {
  readonly #options: TurnDeskOptions;
  #open: OpenTurn | undefined;
  #isShut = false;
  /** A turn of the user's that came while nobody could take it; the newest counts. */
  waiting: string | null = null;
  /** A turn of an activation that is kept back while the user speaks. */
  held: string | null = null;

  constructor(options: TurnDeskOptions) {
    this.#options = options;
  }

  get openTurnId(): string | null {
    return this.#open?.turnId ?? null;
  }

  /** The holder is asked for that turn; who was asked for another one need not answer. Nothing once it is shut. */
  open(turnId: string): void {
    this.close();
    if (this.#isShut) return;
    const { clock, responseTimeoutMs, onNoAnswer } = this.#options;
    const cancelDeadline = fairDeadline({
      clock,
      limitMs: responseTimeoutMs,
      rule: () => onNoAnswer(turnId),
    });
    this.#open = { turnId, cancelDeadline, isAnswered: false };
  }

  /** True the first time that the holder says or does something in the open turn. */
  answered(): boolean {
    if (!this.#open || this.#open.isAnswered) return false;
    this.#open.isAnswered = true;
    this.#open.cancelDeadline();
    return true;
  }

  /** Gives the turn that was open. */
  close(): string | null {
    const turnId = this.openTurnId;
    this.#open?.cancelDeadline();
    this.#open = undefined;
    return turnId;
  }

  /** The call is over: also a handoff that fails by that, and would go back to its turn, opens none. */
  shut(): void {
    this.#isShut = true;
    this.close();
  }

  /** Gives the turn that waited, once. */
  takeWaiting(): string | null {
    const turnId = this.waiting;
    this.waiting = null;
    return turnId;
  }
}
