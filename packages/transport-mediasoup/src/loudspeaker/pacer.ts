import type { Clock } from '@voicebus/core';

const tickMs = 20;
/** Behind by more than this many packets: they are skipped, or the browser's jitter buffer would grow. */
const maxCatchUp = 2;

/**
 * `elapsedTicks` counts 20 ms steps since the last call: more than 1 when some were skipped. `dueMs` is when
 * this step was due, by the pacer's clock.
 */
export type PacerListener = (elapsedTicks: number, dueMs: number) => void;

/**
 * Calls everyone every 20 ms, by deadline: a late timer is followed by an early one, so that the mean
 * rate is exact (`setInterval` drops ticks under load). One for all sessions.
 */
export class Pacer {
  readonly #clock: Clock;
  readonly #onProblem: (thrown: unknown) => void;
  readonly #listeners = new Set<PacerListener>();
  #dueMs = 0;
  #stop: (() => void) | undefined;

  /** `onProblem` is told what a listener threw: one call's trouble must not silence the others. */
  constructor(clock: Clock, onProblem: (thrown: unknown) => void = () => {}) {
    this.#clock = clock;
    this.#onProblem = onProblem;
  }

  add(listener: PacerListener): () => void {
    this.#listeners.add(listener);
    if (!this.#stop) {
      this.#dueMs = this.#clock.now() + tickMs;
      this.#schedule();
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  /** When the last tick was due, by the pacer's clock. */
  get lastTickMs(): number {
    return this.#dueMs - tickMs;
  }

  /**
   * Ticks if a tick is due. For whoever has many things to work through at once: after a network that stood
   * still every caller's sound comes together, and timers wait until all of it is decoded.
   */
  keepTime(): void {
    if (!this.#stop || this.#clock.now() < this.#dueMs) return;
    this.#stop();
    this.#tick();
  }

  #schedule(): void {
    this.#stop = this.#clock.after(Math.max(0, this.#dueMs - this.#clock.now()), () =>
      this.#tick(),
    );
  }

  #tick(): void {
    const now = this.#clock.now();
    if (now < this.#dueMs) {
      // Timers may fire a fraction of a millisecond early.
      this.#schedule();
      return;
    }
    const due = Math.floor((now - this.#dueMs) / tickMs) + 1;
    const skipped = Math.max(0, due - maxCatchUp);
    const firstMs = this.#dueMs;
    this.#dueMs += due * tickMs;
    for (let tick = skipped; tick < due; tick += 1) {
      this.#call(tick === skipped ? skipped + 1 : 1, firstMs + tick * tickMs);
    }
    // Whoever left and came back within this tick has set a timer already.
    this.#stop?.();
    if (this.#listeners.size > 0) this.#schedule();
  }

  #call(elapsedTicks: number, dueMs: number): void {
    for (const listener of this.#listeners) {
      try {
        listener(elapsedTicks, dueMs);
      } catch (thrown) {
        this.#onProblem(thrown);
      }
    }
  }
}
