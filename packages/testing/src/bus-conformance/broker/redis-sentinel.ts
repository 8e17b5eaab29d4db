import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { within } from '../../system/deadline.ts';
import { freePort } from '../../system/process/free-port.ts';
import { RedisServer } from './redis-server.ts';

const knownMs = 30_000;
/** The name under which the primary is asked for. */
const primaryName = 'acme';

/** A primary, its replica, and a sentinel that makes the one the other when it dies. */
export class RedisSentinel implements AsyncDisposable {
  readonly primary: RedisServer;
  readonly replica: RedisServer;
  readonly #sentinel: RedisServer;
  readonly #folder: string;

  private constructor(servers: readonly [RedisServer, RedisServer, RedisServer], folder: string) {
    [this.primary, this.replica, this.#sentinel] = servers;
    this.#folder = folder;
  }

  get url(): string {
    return `redis-sentinel://127.0.0.1:${this.#sentinel.port}/${primaryName}`;
  }

  static async start(): Promise<RedisSentinel> {
    const primary = await RedisServer.start();
    const port = String(primary.port);
    const replica = await RedisServer.start(['--replicaof', '127.0.0.1', port]);
    const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-sentinel-'));
    const file = path.join(folder, 'sentinel.conf');
    const sentinelPort = await freePort();
    await writeFile(
      file,
      [
        `sentinel monitor ${primaryName} 127.0.0.1 ${port} 1`,
        `sentinel down-after-milliseconds ${primaryName} 500`,
        `sentinel failover-timeout ${primaryName} 3000`,
      ].join('\n'),
    );
    const sentinel = await RedisServer.startSentinel(file, sentinelPort);
    const all = new RedisSentinel([primary, replica, sentinel], folder);
    await within(all.#untilKnown(), knownMs, 'the sentinel to know the replica');
    return all;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#sentinel, this.replica, this.primary])
      await server[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #untilKnown(): Promise<void> {
    for (;;) {
      const answer = await this.#sentinel.command('sentinel', 'replicas', primaryName);
      const isSynchronous = (await this.replica.command('info', 'replication')).includes(
        'master_link_status:up',
      );
      if (answer.includes(String(this.replica.port)) && isSynchronous) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
