import { Cluster, type Redis } from 'ioredis';
import { withScripts, type Client } from '../scripts.ts';
import { createClient, retryDelay, type Purpose } from './connect.ts';
import { hearLateErrors } from './late-errors.ts';
import { Watchdog } from './watchdog.ts';
import type { RedisPlace } from './redis-place.ts';

export interface LineOptions {
  readonly place: RedisPlace;
  readonly purpose: Purpose;
  /** It can be used, for the first time or again. On a cluster also when one of its nodes is back. */
  readonly onUp?: () => void;
  readonly onDown?: () => void;
  readonly onError?: (error: Error) => void;
}

/** A connection for commands, under watch: a dead one is dropped and made anew for as long as it is open. */
export class Line {
  readonly client: Client;
  readonly #options: LineOptions;
  readonly #watchdogs = new Map<Redis, Watchdog>();
  #isClosed = false;
  #again: NodeJS.Timeout | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
    const client = createClient(options.place, options.purpose);
    this.client = withScripts(client);
    client.on('error', (error: Error) => options.onError?.(error));
    client.on('ready', () => void this.#isReady());
    client.on('close', () => options.onDown?.());
    client.on('end', () => this.#openAgain());
    if (client instanceof Cluster) {
      client.on('node error', (error: Error) => options.onError?.(error));
      client.on('+node', (node: Redis) => this.#watchNode(node));
      client.on('-node', (node: Redis) => this.#forget(node));
    } else this.#watch(client);
  }

  /** Begins to connect, and goes on until it is closed; `onUp` tells. */
  open(): void {
    this.client.connect().catch((error: Error) => this.#options.onError?.(error));
  }

  /** Drops what there is and connects anew: what was sent and not answered fails. */
  drop(): void {
    if (this.#isClosed) return;
    if (!(this.client instanceof Cluster)) this.client.disconnect(true);
    else for (const node of this.client.nodes('master')) node.disconnect(true);
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#again);
    for (const node of this.#watchdogs.keys()) this.#forget(node);
    this.client.disconnect();
  }

  /**
   * ioredis gives a connection up for good when it was dropped while Sentinel was being asked where the
   * primary is: in a failover, that is when it happens.
   */
  #openAgain(): void {
    if (this.#isClosed) return;
    this.#again = setTimeout(() => this.open(), retryDelay(10));
  }

  /** A cluster is ready when its nodes are: the first command to each would find it connecting. */
  async #isReady(): Promise<void> {
    const { client } = this;
    if (client instanceof Cluster)
      await Promise.allSettled(client.nodes('master').map((node) => node.ping()));
    if (client.status === 'ready' && !this.#isClosed) this.#options.onUp?.();
  }

  #watchNode(node: Redis): void {
    let wasClosed = false;
    node.on('close', () => (wasClosed = true));
    node.on('ready', () => {
      if (wasClosed && !this.#isClosed) this.#options.onUp?.();
      wasClosed = false;
    });
    this.#watch(node);
  }

  #watch(node: Redis): void {
    hearLateErrors(node);
    this.#watchdogs.set(node, new Watchdog(node, this.#options.purpose === 'inbox'));
  }

  #forget(node: Redis): void {
    this.#watchdogs.get(node)?.close();
    this.#watchdogs.delete(node);
  }
}
