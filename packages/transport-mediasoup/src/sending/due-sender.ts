import type { PacketRingReader } from './packet-ring.ts';

export interface DueSenderOptions {
  /** Milliseconds of the monotonic clock that all threads share. */
  readonly now: () => number;
  readonly after: (delayMs: number, callback: () => void) => () => void;
  readonly send: (packet: Buffer, port: number) => void;
  /** How late a packet was, in milliseconds. */
  readonly onSent: (latenessMs: number) => void;
}

/** Sends what is due, of all lines, and sleeps until the next packet is. */
export class DueSender {
  readonly #options: DueSenderOptions;
  readonly #lines = new Map<number, { readonly ring: PacketRingReader; readonly port: number }>();
  #cancel: (() => void) | undefined;

  constructor(options: DueSenderOptions) {
    this.#options = options;
  }

  open(id: number, ring: PacketRingReader, port: number): void {
    this.#lines.set(id, { ring, port });
    this.wake();
  }

  /** What still waits there is not sent. */
  close(id: number): void {
    this.#lines.delete(id);
  }

  /** There may be something that is due before what it waits for. */
  wake(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const { now, after, send, onSent } = this.#options;
    let nextMs = Infinity;
    for (const { ring, port } of this.#lines.values()) {
      for (let due = ring.take(now()); due; due = ring.take(now())) {
        onSent(now() - due.dueMs);
        send(due.packet, port);
      }
      nextMs = Math.min(nextMs, ring.nextDueMs);
    }
    // Timers count whole milliseconds, and one that fires early had to be set again.
    if (nextMs < Infinity)
      this.#cancel = after(Math.ceil(Math.max(0, nextMs - now())), () => this.wake());
  }
}
