import { VoicebusError } from '../errors/voicebus-error.ts';
import { textBytesOf, type Backlog } from './backlog.ts';
import type { AnyBusMessage, Envelope } from './envelope.ts';

/** Sent but not acknowledged: 4,096 tokens are about 80 s of speech. */
const maxUnacknowledged = 4_096;
/** Arrived ahead of their turn. */
const maxHeld = 256;

/** Our side of one link: gives numbers, keeps what the other side has not taken in yet. */
export class LinkSender {
  #sequence = 0;
  #unacknowledged: Envelope[] = [];
  /** When each of them was sent first, in the same order. */
  #sentMs: number[] = [];
  #textBytes = 0;

  /** Number of the last message sent; 0 before the first. */
  get sequence(): number {
    return this.#sequence;
  }

  get unacknowledged(): readonly Envelope[] {
    return this.#unacknowledged;
  }

  /** What is unacknowledged from that number on. */
  since(sequence: number): readonly Envelope[] {
    const first = this.#unacknowledged[0]?.sequence ?? 0;
    return this.#unacknowledged.slice(Math.max(0, sequence - first));
  }

  get backlog(): Backlog {
    return { textBytes: this.#textBytes, oldestMs: this.#sentMs[0] ?? null };
  }

  /** Throws `queue-full` when there is no room for that many messages. */
  reserve(count: number): void {
    if (this.#unacknowledged.length + count <= maxUnacknowledged) return;
    throw new VoicebusError(
      'queue-full',
      `The other side has not taken in ${this.#unacknowledged.length} messages.`,
      { isRetryable: true, data: { limit: maxUnacknowledged } },
    );
  }

  /** Numbers a message and keeps it until it is acknowledged. Throws `queue-full` at the bound. */
  wrap(message: AnyBusMessage, acknowledged: number, nowMs: number): Envelope {
    this.reserve(1);
    this.#sequence += 1;
    const envelope = { message, sequence: this.#sequence, acknowledged };
    this.#unacknowledged.push(envelope);
    this.#sentMs.push(nowMs);
    this.#textBytes += textBytesOf(message);
    return envelope;
  }

  /** Takes the newest number back: its message was refused on the spot, and nobody has seen it. */
  unwrap({ sequence, message }: Envelope): void {
    if (sequence !== this.#sequence) return;
    this.#unacknowledged.pop();
    this.#sentMs.pop();
    this.#textBytes -= textBytesOf(message);
    this.#sequence -= 1;
  }

  /** True when that was news. */
  acknowledge(through: number): boolean {
    let count = 0;
    while ((this.#unacknowledged[count]?.sequence ?? Infinity) <= through) count += 1;
    if (count === 0) return false;
    for (const { message } of this.#unacknowledged.splice(0, count))
      this.#textBytes -= textBytesOf(message);
    this.#sentMs.splice(0, count);
    return true;
  }
}

/** The other side's link to us: in order, each message once. */
export class LinkReceiver {
  #taken = 0;
  #held = new Map<number, Envelope>();
  #duplicates = 0;

  /** Everything up to here was handed on. */
  get taken(): number {
    return this.#taken;
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  /** The envelopes that are due now, in order: none for a duplicate or one that came too early. */
  take(envelope: Envelope): readonly Envelope[] {
    if (envelope.sequence <= this.#taken || this.#held.has(envelope.sequence)) {
      this.#duplicates += 1;
      return [];
    }
    if (envelope.sequence > this.#taken + 1) {
      // The sender keeps it until we acknowledge, so a dropped early one comes again.
      if (this.#held.size < maxHeld) this.#held.set(envelope.sequence, envelope);
      return [];
    }
    if (this.#held.size === 0) {
      this.#taken = envelope.sequence;
      return [envelope];
    }
    const due: Envelope[] = [];
    for (let next: Envelope | undefined = envelope; next; next = this.#held.get(this.#taken + 1)) {
      this.#taken = next.sequence;
      this.#held.delete(next.sequence);
      due.push(next);
    }
    return due;
  }
}
