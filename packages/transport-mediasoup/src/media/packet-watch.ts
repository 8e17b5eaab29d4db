import { fairDeadline, type Clock } from '@voicebus/core';
import type { PathState } from './caller-transport.ts';

/** Opus sends something every 400 ms, even of silence: twelve of them in a row are not lost by chance. */
const silentMs = 5_000;

/** Plain RTP has no ICE: only packets say that the caller is there, and their absence that they are not. */
export class PacketWatch {
  readonly #clock: Clock;
  readonly #onState: (state: PathState) => void;
  #lastMs = 0;
  #isThere = false;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(clock: Clock, onState: (state: PathState) => void) {
    this.#clock = clock;
    this.#onState = onState;
  }

  /** One came. */
  packet(): void {
    if (this.#isClosed) return;
    this.#lastMs = this.#clock.now();
    if (this.#isThere) return;
    this.#isThere = true;
    this.#lookIn(silentMs);
    this.#onState('connected');
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  /** One timer at a time, not one per packet. */
  #lookIn(delayMs: number): void {
    const look = (): void => {
      const leftMs = this.#lastMs + silentMs - this.#clock.now();
      if (leftMs > 0) {
        this.#lookIn(leftMs);
        return;
      }
      this.#isThere = false;
      this.#onState('disconnected');
    };
    this.#cancel = fairDeadline({ clock: this.#clock, limitMs: delayMs, rule: look });
  }
}
