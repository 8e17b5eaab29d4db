import { Redis } from 'ioredis';
import { connectionOptions, retryDelay, type Purpose } from './connect.ts';
import { hearLateErrors } from './late-errors.ts';
import { nodesOf, type RedisPlace } from './redis-place.ts';
import { Watchdog } from './watchdog.ts';

export interface SubscriberOptions {
  readonly place: RedisPlace;
  readonly purpose: Purpose;
  /** Connected, and subscribed to everything again. */
  readonly onUp?: () => void;
  readonly onDown?: () => void;
  readonly onError?: (error: Error) => void;
}

type Listener = (message: Buffer) => void;

/** On a cluster another node is tried after this many failures: what is published reaches them all. */
const triesPerNode = 3;

/** The connection that hears what is published. What was said while it was down is not heard. */
export class Subscriber {
  readonly #options: SubscriberOptions;
  readonly #listeners = new Map<string, Set<Listener>>();
  #redis: Redis | undefined;
  #watchdog: Watchdog | undefined;
  #node = 0;
  #isClosed = false;

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  open(): void {
    if (this.#isClosed || this.#redis) return;
    const nodes = nodesOf(this.#options.place);
    const settings = connectionOptions(
      nodes[this.#node % nodes.length] ?? {},
      this.#options.purpose,
    );
    const redis = new Redis({
      ...settings,
      retryStrategy: (times) =>
        nodes.length > 1 && times >= triesPerNode ? null : retryDelay(times),
    });
    this.#redis = redis;
    this.#watchdog = new Watchdog(redis);
    redis.on('error', (error) => this.#options.onError?.(error));
    hearLateErrors(redis);
    redis.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      for (const listener of this.#listeners.get(channel.toString()) ?? []) listener(message);
    });
    redis.on('ready', () => void this.#resubscribe(redis));
    redis.on('close', () => this.#options.onDown?.());
    redis.on('end', () => this.#tryNext(redis));
    redis.connect().catch((error: Error) => this.#options.onError?.(error));
  }

  /** Resolves once messages come; while the connection is down, once it is back. */
  async listen(channel: string, listener: Listener): Promise<() => void> {
    const listeners = this.#listeners.get(channel) ?? new Set();
    this.#listeners.set(channel, listeners.add(listener));
    if (listeners.size === 1 && this.#redis?.status === 'ready')
      await this.#redis.subscribe(channel).catch(() => {});
    return () => {
      listeners.delete(listener);
      if (listeners.size > 0 || this.#listeners.get(channel) !== listeners) return;
      this.#listeners.delete(channel);
      if (this.#redis?.status === 'ready') this.#redis.unsubscribe(channel).catch(() => {});
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#listeners.clear();
    this.#watchdog?.close();
    this.#redis?.disconnect();
  }

  async #resubscribe(redis: Redis): Promise<void> {
    try {
      if (this.#listeners.size > 0) await redis.subscribe(...this.#listeners.keys());
      if (!this.#isClosed) this.#options.onUp?.();
    } catch (thrown) {
      if (thrown instanceof Error) this.#options.onError?.(thrown);
      if (redis.status === 'ready') redis.disconnect(true);
    }
  }

  #tryNext(ended: Redis): void {
    if (this.#isClosed || this.#redis !== ended) return;
    this.#watchdog?.close();
    this.#redis = undefined;
    this.#node += 1;
    this.open();
  }
}
