import type { Clock } from '@voicebus/core';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly callback: () => void;
}

// Taken at load, so that a test which fakes the global timers still gets real microtask flushes.
const nextMacrotask = globalThis.setImmediate;

export interface FakeClockOptions {
  /** What `wall()` says at the start, in milliseconds since the epoch. Default: 2026-01-01T00:00Z. */
  readonly wallMs?: number;
}

/**
 * A clock that stands still until the test moves it. Timers run in the order of their due time,
 * those due at the same time in the order in which they were set; after each one everything that it
 * set in motion by promises runs to its end.
 */
export class FakeClock implements Clock {
  #nowMs = 0;
  #order = 0;
  readonly #startWallMs: number;
  readonly #timers = new Set<Timer>();

  constructor({ wallMs = Date.UTC(2026, 0, 1) }: FakeClockOptions = {}) {
    this.#startWallMs = wallMs;
  }

  now(): number {
    return this.#nowMs;
  }

  wall(): number {
    return this.#startWallMs + this.#nowMs;
  }

  after(delayMs: number, callback: () => void): () => void {
    this.#order += 1;
    const timer = { dueMs: this.#nowMs + Math.max(0, delayMs), order: this.#order, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that wait. Zero at the end of a test means that nothing leaked. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets everything run that needs no time: promises, not timers, not input or output. */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) => nextMacrotask(resolve));
  }

  /** Moves the time forward, running what falls due on the way at its own due time. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await this.settle();
    for (let timer = this.#next(untilMs); timer !== undefined; timer = this.#next(untilMs)) {
      this.#timers.delete(timer);
      this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
      timer.callback();
      await this.settle();
    }
    this.#nowMs = untilMs;
  }

  /**
   * The time goes on and nothing runs, as in a process that is stopped. Then what fell due meanwhile runs,
   * late, and before anything that arrived meanwhile is read: so it is in Node.
   */
  standStill(durationMs: number): void {
    this.#nowMs += durationMs;
    const overdue = [...this.#timers]
      .filter(({ dueMs }) => dueMs <= this.#nowMs)
      .sort((one, other) => one.dueMs - other.dueMs || one.order - other.order);
    // Those that an earlier one cancelled do not run.
    for (const timer of overdue) if (this.#timers.delete(timer)) timer.callback();
  }

  /** Advances from timer to timer until none waits; throws when that takes longer than `limitMs`. */
  async drain(limitMs = 3_600_000): Promise<void> {
    const untilMs = this.#nowMs + limitMs;
    await this.settle();
    for (let timer = this.#next(Infinity); timer !== undefined; timer = this.#next(Infinity)) {
      if (timer.dueMs > untilMs) {
        throw new Error(`${this.pending} timers still wait after ${limitMs} ms of fake time`);
      }
      await this.advance(timer.dueMs - this.#nowMs);
    }
  }

  /** Advances until `promise` settles, at most `limitMs` of fake time, and gives its outcome. */
  async until<T>(promise: Promise<T>, limitMs = 60_000): Promise<T> {
    let isSettled = false;
    const mark = (): void => {
      isSettled = true;
    };
    promise.then(mark, mark);
    const untilMs = this.#nowMs + limitMs;
    await this.settle();
    while (!isSettled) {
      const timer = this.#next(untilMs);
      if (timer === undefined) throw new Error(`not settled within ${limitMs} ms of fake time`);
      await this.advance(timer.dueMs - this.#nowMs);
    }
    return promise;
  }

  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      const isEarlier =
        next === undefined ||
        timer.dueMs < next.dueMs ||
        (timer.dueMs === next.dueMs && timer.order < next.order);
      if (isEarlier) next = timer;
    }
    return next;
  }
}
