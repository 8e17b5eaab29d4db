/**
 * Of 20 ms each. `PacedOutput` hands eleven over ahead of their time. After a standstill of the machine the
 * writing thread may be the first to go on and write all that was due meanwhile: a second of it fits, too.
 */
const slots = 64;
/** An Opus packet is 1,275 bytes at most, its RTP header 12. */
const slotBytes = 1_408;

const empty = 0;
const ready = 1;
const taken = 2;

const headAt = slots * 4;
const lengthsAt = headAt + 8;
const duesAt = lengthsAt + slots * 4;
const bytesAt = duesAt + slots * 8;

/** What both sides of a ring see: shared memory, no messages. */
class RingMemory {
  readonly states: Int32Array;
  /** The slot that is read next: kept here, because another reader may follow a broken one. */
  readonly head: Int32Array;
  readonly lengths: Int32Array;
  readonly dues: Float64Array;
  readonly bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.states = new Int32Array(memory, 0, slots);
    this.head = new Int32Array(memory, headAt, 1);
    this.lengths = new Int32Array(memory, lengthsAt, slots);
    this.dues = new Float64Array(memory, duesAt, slots);
    this.bytes = new Uint8Array(memory, bytesAt, slots * slotBytes);
  }
}

/**
 * The writing side of a queue of packets between two threads, each with the time at which it is to leave, in
 * milliseconds of the monotonic clock that all threads share. One writes, one reads. What has not left can be
 * taken back: which of the two sides has a packet is decided by one atomic exchange.
 */
export class PacketRingWriter {
  readonly memory = new SharedArrayBuffer(bytesAt + slots * slotBytes);
  readonly #ring = new RingMemory(this.memory);
  /** The slot of the next packet. */
  #tail = 0;

  /**
   * `full` when it is full or the packet too long: the packet is lost. `first` when nothing else waits: the
   * reader may have no reason yet to look again.
   */
  push(packet: Uint8Array, dueMs: number): 'full' | 'first' | 'behind' {
    const { states, lengths, dues, bytes } = this.#ring;
    const slot = this.#tail;
    if (packet.length > slotBytes || Atomics.load(states, slot) !== empty) return 'full';
    bytes.set(packet, slot * slotBytes);
    lengths[slot] = packet.length;
    dues[slot] = dueMs;
    const before = this.#before;
    Atomics.store(states, slot, ready);
    this.#tail = (slot + 1) % slots;
    // Asked after it was stored: whoever takes the one before sees this one.
    return Atomics.load(states, before) === ready ? 'behind' : 'first';
  }

  /** Takes back the packets that are due after `nowMs` and have not left; gives how many. */
  takeBack(nowMs: number): number {
    const { states, dues } = this.#ring;
    let count = 0;
    for (;;) {
      const slot = this.#before;
      if ((dues[slot] ?? 0) <= nowMs) return count;
      if (Atomics.compareExchange(states, slot, ready, empty) !== ready) return count;
      this.#tail = slot;
      count += 1;
    }
  }

  /** The slot of the last packet. */
  get #before(): number {
    return (this.#tail + slots - 1) % slots;
  }
}

/** The reading side of a `PacketRingWriter`'s memory. */
export class PacketRingReader {
  readonly #ring: RingMemory;

  constructor(memory: SharedArrayBuffer) {
    this.#ring = new RingMemory(memory);
    // A reader that broke in the middle of a packet has lost it.
    if (Atomics.load(this.#ring.states, this.#slot) === taken) this.#release(this.#slot);
  }

  /** When the next packet is due; Infinity when there is none. */
  get nextDueMs(): number {
    const { states, dues } = this.#ring;
    const slot = this.#slot;
    return Atomics.load(states, slot) === ready ? (dues[slot] ?? Infinity) : Infinity;
  }

  /** The next packet, a copy, if it is due by now. */
  take(nowMs: number): { readonly packet: Buffer; readonly dueMs: number } | null {
    const { states, lengths, bytes } = this.#ring;
    const dueMs = this.nextDueMs;
    const slot = this.#slot;
    if (dueMs > nowMs || Atomics.compareExchange(states, slot, ready, taken) !== ready) return null;
    const start = slot * slotBytes;
    const packet = Buffer.from(bytes.subarray(start, start + (lengths[slot] ?? 0)));
    this.#release(slot);
    return { packet, dueMs };
  }

  get #slot(): number {
    return Atomics.load(this.#ring.head, 0);
  }

  #release(slot: number): void {
    // The head first: a reader that follows must not wait for a packet in a slot behind the next one.
    Atomics.store(this.#ring.head, 0, (slot + 1) % slots);
    Atomics.store(this.#ring.states, slot, empty);
  }
}
