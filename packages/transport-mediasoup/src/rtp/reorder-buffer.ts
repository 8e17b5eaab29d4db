import { sequenceDistance, type RtpPacket } from './rtp-packet.ts';

export interface ReorderBufferOptions {
  /** How long a gap is waited for: two to three packets of 20 ms; more would delay every turn. */
  readonly windowMs?: number;
  /** In order, each once. `lostBefore` packets between the one before and this one never came. */
  readonly deliver: (packet: RtpPacket, lostBefore: number) => void;
}

interface Waiting {
  readonly packet: RtpPacket;
  readonly arrivedMs: number;
}

/** A jump this far is a new stream, not a gap: 1,000 packets are 20 s. */
const restartDistance = 1_000;

/** Puts packets back into order within a short window, and drops duplicates and latecomers. */
export class ReorderBuffer {
  readonly #options: Required<ReorderBufferOptions>;
  #waiting: Waiting[] = [];
  #last: number | null = null;
  readonly counters = { late: 0, duplicate: 0, lost: 0 };

  constructor(options: ReorderBufferOptions) {
    this.#options = { windowMs: 50, ...options };
  }

  push(packet: RtpPacket, nowMs: number): void {
    if (this.#last !== null) {
      const distance = sequenceDistance(packet.sequence, this.#last);
      if (Math.abs(distance) > restartDistance) this.restart();
      else if (distance <= 0) {
        this.counters[distance === 0 ? 'duplicate' : 'late'] += 1;
        return;
      }
    }
    if (this.#waiting.some((waiting) => waiting.packet.sequence === packet.sequence)) {
      this.counters.duplicate += 1;
      return;
    }
    this.#waiting.push({ packet, arrivedMs: nowMs });
    this.#waiting.sort((first, second) =>
      sequenceDistance(first.packet.sequence, second.packet.sequence),
    );
    this.flush(nowMs);
  }

  /** Delivers what is due by now; call it also when nothing arrives. */
  flush(nowMs: number): void {
    for (let head = this.#waiting[0]; head; head = this.#waiting[0]) {
      const distance = this.#last === null ? 1 : sequenceDistance(head.packet.sequence, this.#last);
      if (distance > 1 && nowMs - head.arrivedMs < this.#options.windowMs) return;
      this.#waiting.shift();
      this.#last = head.packet.sequence;
      this.counters.lost += distance - 1;
      this.#options.deliver(head.packet, distance - 1);
    }
  }

  /** What waits is delivered; the next packet is the first of a new stream. */
  restart(): void {
    for (const { packet } of this.#waiting) this.#options.deliver(packet, 0);
    this.#waiting = [];
    this.#last = null;
  }
}
