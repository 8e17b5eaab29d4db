import { type Bus, type BusMembership, type JoinOptions } from '@voicebus/core';
import { nodesOf, type RedisPlace } from './connection/redis-place.ts';
import { Keys } from './keys.ts';
import { RedisMembership } from './redis-membership.ts';

export interface RedisBusOptions {
  /** A URL, ioredis' options, or the nodes of a cluster. */
  readonly redis: RedisPlace;
  /** Runners on different channels never hear each other. Default: "voicebus". */
  readonly channel?: string;
  /** The link was lost, or something on it went wrong; no personal data in it. Default: nowhere. */
  readonly onProblem?: (what: string, thrown: unknown) => void;
  /** How long `join` tries before it rejects. Default: 5 s. */
  readonly joinTimeoutMs?: number;
}

/** The bus between processes, over Redis 7 or newer: one server, Sentinel, or a cluster. */
export class RedisBus implements Bus {
  readonly channel: string;
  readonly #options: RedisBusOptions;
  readonly #keys: Keys;

  /** Throws `invalid-arguments` for a channel or an address that is none. Connects when it is joined. */
  constructor(options: RedisBusOptions) {
    this.channel = options.channel ?? 'voicebus';
    this.#options = options;
    this.#keys = new Keys(this.channel);
    nodesOf(options.redis);
  }

  /** Rejects with `link-broken` when Redis cannot be reached, or refuses us. */
  async join(options: JoinOptions): Promise<BusMembership> {
    const { redis, onProblem = () => {}, joinTimeoutMs = 5_000 } = this.#options;
    const membership = new RedisMembership({
      ...options,
      place: redis,
      keys: this.#keys,
      onProblem,
    });
    await membership.open(joinTimeoutMs);
    return membership;
  }
}
