import type { Redis } from 'ioredis';

const pingEveryMs = 300;
/** A link that is dead without a word is noticed within 0.3 + 0.5 s. */
const pongWithinMs = 500;
/** From the TCP connection to the end of the handshake. */
const handshakeWithinMs = 2_000;

/** Asks a connection that looks alive whether it is, and drops one that does not answer. */
export class Watchdog {
  readonly #redis: Redis;
  readonly #isBlocked: boolean;
  readonly #timer: NodeJS.Timeout;
  #connectedMs: number | null = null;
  #isWaiting = false;

  /** `isBlocked`: it waits for something nearly always, and whoever waits watches; its handshake is ours. */
  constructor(redis: Redis, isBlocked = false) {
    this.#redis = redis;
    this.#isBlocked = isBlocked;
    this.#timer = setInterval(() => this.#look(), pingEveryMs);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    if (this.#redis.status === 'ready') {
      this.#connectedMs = null;
      if (!this.#isWaiting && !this.#isBlocked) this.#ping();
    } else if (this.#redis.status === 'connect') {
      this.#connectedMs ??= now;
      if (now - this.#connectedMs > handshakeWithinMs) this.#drop();
    } else {
      this.#connectedMs = null;
    }
  }

  #ping(): void {
    this.#isWaiting = true;
    // Two steps, so that what a busy process has received but not read yet still counts.
    const limit = setTimeout(
      () => setImmediate(() => this.#isWaiting && this.#drop()),
      pongWithinMs,
    );
    const done = (): void => {
      clearTimeout(limit);
      this.#isWaiting = false;
    };
    this.#redis.ping().then(done, done);
  }

  #drop(): void {
    this.#isWaiting = false;
    this.#connectedMs = null;
    this.#redis.disconnect(true);
  }
}
