import { encodeEnvelope, VoicebusError, type Envelope } from '@voicebus/core';
import type { Keys } from '../keys.ts';
import type { Client } from '../scripts.ts';
import { SessionQueues, type Batch } from './session-queues.ts';

export interface InboxWriterOptions {
  readonly client: Client;
  readonly keys: Keys;
  /** Appends to that inbox failed, though Redis is there: what was sent to it has to go out again. */
  readonly onFailed: (incarnation: string) => void;
  /** There is room again for what was refused as `queue-full`. */
  readonly onRoom: () => void;
}

/** On their way to Redis and not answered: 16 MB are minutes of text, and fit into any process. */
const maxBytes = 16 * 1024 * 1024;
/** Of it, what one session may have waiting for one inbox: a flood in one call is no other's. */
const maxSessionBytes = 6 * 1024 * 1024;
/** Below this there is room again: so much goes out at once, and not a message per answer of Redis. */
const roomBytes = 3 * 1024 * 1024;
/**
 * Appends to one inbox that wait for their answer. What comes meanwhile goes out together with the next
 * one: four keep the latency of a stream that Redis can follow, and coalesce one that it cannot.
 */
const maxAppendsUnderWay = 4;
/** Of more it is forgotten that they were not there; their links ask again by themselves. */
const maxGone = 1_000;
/** A node of a cluster that fails is back, or replaced, after a moment. */
const failedRetryMs = 250;

interface Outbox {
  readonly urgent: SessionQueues;
  readonly ordered: SessionQueues;
  underWay: number;
  isDue: boolean;
}

/**
 * Appends to the inboxes of others: at once, and in order for each. It keeps nothing beyond the answer of
 * Redis, since the links do: after a failure they send again what was not acknowledged.
 */
export class InboxWriter {
  readonly counters = { appends: 0, appended: 0, gone: 0, failed: 0 };
  readonly #options: InboxWriterOptions;
  readonly #outboxes = new Map<string, Outbox>();
  /** Inboxes that were not there. They are tried again when their owner says that it has made a new one. */
  readonly #gone = new Set<string>();
  readonly #retries = new Map<string, NodeJS.Timeout>();
  #bytes = 0;
  #isUp = false;
  /** Something was refused since there was room. */
  #hasRefused = false;

  constructor(options: InboxWriterOptions) {
    this.#options = options;
  }

  /** False: nothing is sent, nothing kept. */
  setUp(isUp: boolean): void {
    this.#isUp = isUp;
    if (!isUp) this.#clear();
  }

  /** Throws `queue-full` when Redis does not follow, and `too-large`. */
  send(envelope: Envelope): void {
    const { target, lane, sessionId } = envelope.message;
    const { incarnation } = target;
    if (!this.#isUp) {
      // Whoever sends it has to hear that it is too large now, not whoever sends it again.
      encodeEnvelope(envelope);
      return;
    }
    if (this.#bytes >= maxBytes) throw this.#full(this.#bytes, maxBytes);
    const outbox = this.#outbox(incarnation);
    const queues = outbox[lane];
    const waiting = queues.bytesOf(sessionId);
    if (waiting >= maxSessionBytes) throw this.#full(waiting, maxSessionBytes);
    this.#bytes += queues.add(envelope);
    this.counters.appended += 1;
    if (outbox.isDue) return;
    outbox.isDue = true;
    // What is said in one breath goes out as one; the connection writes no sooner than that anyhow.
    queueMicrotask(() => {
      outbox.isDue = false;
      this.#flush(incarnation, outbox);
    });
  }

  /** The owner of that inbox is heard of. True when appends to it had found nothing. */
  isBack(incarnation: string): boolean {
    return this.#gone.delete(incarnation);
  }

  /** Nobody reads that inbox any more. */
  forget(incarnation: string): void {
    this.#gone.delete(incarnation);
    this.#drop(incarnation);
  }

  close(): void {
    this.setUp(false);
    for (const timer of this.#retries.values()) clearTimeout(timer);
    this.#retries.clear();
  }

  #outbox(incarnation: string): Outbox {
    let outbox = this.#outboxes.get(incarnation);
    if (!outbox) {
      const place = { channel: this.#options.keys.channel, incarnation };
      const [urgent, ordered] = [new SessionQueues(place), new SessionQueues(place)];
      outbox = { urgent, ordered, underWay: 0, isDue: false };
      this.#outboxes.set(incarnation, outbox);
    }
    return outbox;
  }

  #flush(incarnation: string, outbox: Outbox): void {
    if (this.#outboxes.get(incarnation) !== outbox) return;
    while (outbox.underWay < maxAppendsUnderWay) {
      const batch = outbox.urgent.take() ?? outbox.ordered.take();
      if (!batch) break;
      outbox.underWay += 1;
      void this.#append(incarnation, outbox, batch);
    }
  }

  async #append(incarnation: string, outbox: Outbox, batch: Batch): Promise<void> {
    this.counters.appends += 1;
    const key = this.#options.keys.inbox(incarnation);
    const bytes = Buffer.concat(
      batch.pieces.flatMap(({ parts }) => parts),
      batch.bytes,
    );
    try {
      const id = await this.#options.client.xadd(key, 'NOMKSTREAM', '*', '', bytes);
      if (id === null) {
        this.counters.gone += 1;
        if (this.#outboxes.get(incarnation) === outbox && this.#gone.size < maxGone)
          this.#gone.add(incarnation);
        this.#drop(incarnation);
      }
    } catch {
      this.counters.failed += 1;
      if (this.#outboxes.get(incarnation) === outbox) this.#failed(incarnation);
    }
    outbox.underWay -= 1;
    this.#bytes -= batch.bytes;
    this.#flush(incarnation, outbox);
    if (this.#outboxes.get(incarnation) === outbox && outbox.underWay === 0 && !outbox.isDue)
      this.#outboxes.delete(incarnation);
    if (!this.#hasRefused || this.#bytes > roomBytes) return;
    this.#hasRefused = false;
    this.#options.onRoom();
  }

  #failed(incarnation: string): void {
    this.#drop(incarnation);
    if (this.#retries.has(incarnation)) return;
    const timer = setTimeout(() => {
      this.#retries.delete(incarnation);
      if (this.#isUp) this.#options.onFailed(incarnation);
    }, failedRetryMs);
    this.#retries.set(incarnation, timer);
  }

  #drop(incarnation: string): void {
    const outbox = this.#outboxes.get(incarnation);
    if (!outbox) return;
    this.#bytes -= outbox.urgent.bytes + outbox.ordered.bytes;
    // What is under way still counts until its answer, in the outbox that nobody adds to any more.
    this.#outboxes.delete(incarnation);
  }

  #clear(): void {
    for (const incarnation of this.#outboxes.keys()) this.#drop(incarnation);
  }

  #full(bytes: number, limit: number): VoicebusError {
    this.#hasRefused = true;
    return new VoicebusError(
      'queue-full',
      `Redis does not follow: ${bytes} bytes wait for it. They go out when it does.`,
      { isRetryable: true, data: { bytes, limit } },
    );
  }
}
