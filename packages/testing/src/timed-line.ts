import type { Clock } from '@voicebus/core';

interface Waiting {
  readonly dueMs: number;
  readonly cancel: () => void;
}

/** Where packets of speech go, by a test's clock: each at its time, and those that are not due can be taken back. */
export class TimedLine {
  readonly #clock: Clock;
  readonly #onLeft: (packet: Buffer, dueMs: number) => void;
  #waiting: Waiting[] = [];

  constructor(clock: Clock, onLeft: (packet: Buffer, dueMs: number) => void = () => {}) {
    this.#clock = clock;
    this.#onLeft = onLeft;
  }

  send(packet: Buffer, dueMs: number): void {
    const inMs = dueMs - this.#clock.now();
    if (inMs <= 0) {
      this.#onLeft(packet, dueMs);
      return;
    }
    const cancel = this.#clock.after(inMs, () => {
      this.#waiting = this.#waiting.filter((each) => each !== waiting);
      this.#onLeft(packet, dueMs);
    });
    const waiting: Waiting = { dueMs, cancel };
    this.#waiting.push(waiting);
  }

  takeBack(): number {
    const back = this.#waiting.filter(({ dueMs }) => dueMs > this.#clock.now());
    for (const { cancel } of back) cancel();
    this.#waiting = [];
    return back.length;
  }
}
