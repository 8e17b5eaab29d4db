import { backOffMs } from './back-off.ts';

/**
 * Trying again until a deadline, with pauses that grow. When something says that now is a better moment
 * (the machine woke, the network is back), the pause ends at once and the deadline starts anew.
 */
export class Attempts {
  readonly #deadlineMs: number;
  readonly #now: () => number;
  readonly #random: () => number;
  #giveUpMs: number;
  #count = 0;
  #endPause: (() => void) | null = null;

  constructor(
    deadlineMs: number,
    { now = () => performance.now(), random = Math.random }: AttemptsClock = {},
  ) {
    this.#deadlineMs = deadlineMs;
    this.#now = now;
    this.#random = random;
    this.#giveUpMs = now() + deadlineMs;
  }

  get areOver(): boolean {
    return this.#now() >= this.#giveUpMs;
  }

  async pause(): Promise<void> {
    const ms = backOffMs(this.#count, this.#random);
    this.#count += 1;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endPause = null;
  }

  /** Tries again at once, as if it had just begun. */
  hurry(): void {
    this.#count = 0;
    this.#giveUpMs = this.#now() + this.#deadlineMs;
    this.#endPause?.();
  }
}

interface AttemptsClock {
  /** Milliseconds that only grow. */
  readonly now?: () => number;
  readonly random?: () => number;
}
