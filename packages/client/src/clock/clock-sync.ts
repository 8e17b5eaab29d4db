/** How the server's clock stands to the page's: `serverMs ≈ pageMs + offsetMs`. */
export interface ClockOffset {
  readonly offsetMs: number;
  /** Half the round trip of the fastest ping: the offset cannot be wrong by more. */
  readonly uncertaintyMs: number;
}

export interface ClockSyncOptions {
  readonly send: (clientMs: number) => void;
  readonly onOffset: (offset: ClockOffset) => void;
  readonly now?: () => number;
  readonly rounds?: number;
  readonly pingGapMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks the server for its clock: a round of 8 pings, again every 30 s. The fastest ping of a round wins,
 * since queues only ever make a round trip longer. Clocks of two machines drift by up to 50 ppm, which
 * is 1.5 ms in 30 s.
 */
export class ClockSync {
  readonly #options: Required<ClockSyncOptions>;
  #best: ClockOffset | null = null;
  #left = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ClockSyncOptions) {
    this.#options = {
      now: () => performance.now(),
      rounds: 8,
      pingGapMs: 60,
      everyMs: 30_000,
      ...options,
    };
  }

  start(): void {
    this.stop();
    this.#best = null;
    this.#left = this.#options.rounds;
    this.#ping();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  pong(clientMs: number, serverMs: number): void {
    const nowMs = this.#options.now();
    const uncertaintyMs = (nowMs - clientMs) / 2;
    if (uncertaintyMs < 0) return;
    if (this.#best && this.#best.uncertaintyMs <= uncertaintyMs) return;
    this.#best = { offsetMs: serverMs - (clientMs + uncertaintyMs), uncertaintyMs };
    this.#options.onOffset(this.#best);
  }

  #ping(): void {
    this.#options.send(this.#options.now());
    this.#left -= 1;
    this.#timer =
      this.#left > 0
        ? setTimeout(() => this.#ping(), this.#options.pingGapMs)
        : setTimeout(() => this.start(), this.#options.everyMs);
  }
}
