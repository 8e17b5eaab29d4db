import type { Client } from '../scripts.ts';
import { retryDelay } from '../connection/connect.ts';
import { withDeadline } from '../connection/deadline.ts';

export interface InboxReaderOptions {
  /** Of its own: it is blocked nearly always. */
  readonly reading: Client;
  readonly trimming: Client;
  /** Name of the inbox. */
  readonly key: string;
  readonly onPiece: (bytes: Buffer) => void;
  /** It reads, for the first time or again; `isNew` when what may have waited in the inbox is lost. */
  readonly onUp: (isNew: boolean) => void;
  readonly onDown: () => void;
  /** The connection gives no answer. */
  readonly drop: () => void;
  readonly onError: (error: Error) => void;
}

/** Longer than this an inbox does not outlive its process. */
export const inboxTtlMs = 60_000;
const blockMs = 400;
/** With the block, a link that is dead without a word is noticed within a second. */
const answerWithinMs = 1_000;
const lookEveryMs = 100;
/** Keeps the inbox from expiring, and finds out when it is gone: a read of nothing does not tell. */
const renewEveryMs = 1_000;
const piecesPerRead = 256;
/** What was taken in goes from Redis in steps of this many pieces, and whenever there is nothing to read. */
const trimEvery = 128;
const beginning = '0-0';

/**
 * Reads one inbox from where it has come to, through every loss of the connection. After a broker that has
 * lost it, it begins with a new one.
 */
export class InboxReader {
  readonly #options: InboxReaderOptions;
  #cursor = beginning;
  #untrimmed = 0;
  #isClosed = false;
  #wasUp = false;
  #finished: Promise<void> | undefined;
  #isMissing = false;
  #isReading = false;
  #readingSinceMs = 0;
  #watch: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Timeout | undefined;

  constructor(options: InboxReaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#watch ??= setInterval(() => this.#lookForSilence(), lookEveryMs);
    this.#renewal ??= setInterval(() => void this.#renew(), renewEveryMs);
    this.#finished ??= this.#run();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#watch);
    clearInterval(this.#renewal);
    this.#options.drop();
    await this.#finished;
  }

  async #run(): Promise<void> {
    for (let failures = 0; !this.#isClosed;) {
      try {
        const isNew = await this.#open();
        failures = 0;
        this.#options.onUp(isNew);
        while (!this.#isClosed) await this.#read();
      } catch (thrown) {
        if (this.#isClosed) return;
        failures += 1;
        this.#options.onDown();
        if (thrown instanceof Error) this.#options.onError(thrown);
        await new Promise((resolve) => setTimeout(resolve, retryDelay(failures)));
      }
    }
  }

  async #open(): Promise<boolean> {
    const { reading, key, drop } = this.#options;
    const opened = withDeadline(
      reading.voicebusOpenInbox(key, inboxTtlMs),
      answerWithinMs,
      'Opening the inbox',
    );
    const [made, last] = (await opened.catch((thrown: unknown) => {
      if (isLate(thrown)) drop();
      throw thrown;
    })) as [number, string];
    const isNew = made === 1 || isAhead(this.#cursor, last);
    if (isNew) this.#cursor = beginning;
    const wasKnown = this.#wasUp;
    this.#wasUp = true;
    return isNew && wasKnown;
  }

  async #read(): Promise<void> {
    const { reading, key, onPiece } = this.#options;
    const read = reading.xreadBuffer(
      'COUNT',
      piecesPerRead,
      'BLOCK',
      blockMs,
      'STREAMS',
      key,
      this.#cursor,
    );
    this.#isReading = true;
    this.#readingSinceMs = performance.now();
    const answer = (await read.finally(() => (this.#isReading = false))) as
      | readonly [Buffer, readonly [Buffer, readonly Buffer[]][]][]
      | null;
    const entries = answer?.[0]?.[1] ?? [];
    for (const [id, fields] of entries) {
      this.#cursor = id.toString();
      this.#untrimmed += 1;
      if (fields[1]) onPiece(fields[1]);
    }
    if (this.#untrimmed >= trimEvery || (entries.length === 0 && this.#untrimmed > 0)) this.#trim();
    if (!this.#isMissing) return;
    this.#isMissing = false;
    throw new Error('The inbox is gone.');
  }

  async #renew(): Promise<void> {
    const { trimming, key } = this.#options;
    // A connection that is down tells by itself.
    const isThere = await trimming.pexpire(key, inboxTtlMs).catch(() => 1);
    if (isThere === 0) this.#isMissing = true;
  }

  /** One timer for all reads: there may be thousands in a second. */
  #lookForSilence(): void {
    const since = this.#readingSinceMs;
    const isLate = (): boolean =>
      this.#isReading &&
      this.#readingSinceMs === since &&
      performance.now() - since > answerWithinMs - lookEveryMs;
    if (!isLate()) return;
    // What has arrived, but was not read yet by a busy process, counts: input comes before this.
    setImmediate(() => {
      if (isLate() && !this.#isClosed) this.#options.drop();
    });
  }

  #trim(): void {
    this.#untrimmed = 0;
    const { trimming, key } = this.#options;
    trimming.xtrim(key, 'MINID', after(this.#cursor)).catch(() => {});
  }
}

function isLate(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'deadline';
}

/** The smallest id behind that one. */
function after(id: string): string {
  const [time = '0', count = '0'] = id.split('-');
  return `${time}-${BigInt(count) + 1n}`;
}

function isAhead(id: string, other: string): boolean {
  const [time = '0', count = '0'] = id.split('-');
  const [otherTime = '0', otherCount = '0'] = other.split('-');
  if (time === otherTime) return BigInt(count) > BigInt(otherCount);
  return BigInt(time) > BigInt(otherTime);
}
