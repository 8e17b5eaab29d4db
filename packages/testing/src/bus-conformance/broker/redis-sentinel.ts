import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { within } from '../../system/deadline.ts';
import { freePort } from '../../system/process/free-port.ts';
import type { Certificate } from './certificate.ts';
import { RedisServer } from './redis-server.ts';

const knownMs = 30_000;
/** The name under which the primary is asked for. */
const primaryName = 'acme';

/** A primary, its replica, and a sentinel that makes the one the other when it dies. */
export class RedisSentinel implements AsyncDisposable {
  readonly primary: RedisServer;
  readonly replica: RedisServer;
  readonly #sentinel: RedisServer;
  readonly url: string;
  readonly #folder: string;

  private constructor(
    servers: readonly [RedisServer, RedisServer, RedisServer],
    url: string,
    folder: string,
  ) {
    [this.primary, this.replica, this.#sentinel] = servers;
    this.url = url;
    this.#folder = folder;
  }

  /** With a certificate they speak TLS, also among each other. */
  static async start(certificate?: Certificate): Promise<RedisSentinel> {
    const tlsPorts = certificate ? [await freePort(), await freePort(), await freePort()] : [];
    const tls = (index: number): readonly string[] =>
      certificate?.settings(tlsPorts[index] ?? 0) ?? [];
    // A replica is there at once, and not after the 5 s in which others might come.
    const atOnce = ['--repl-diskless-sync-delay', '0'];
    const primary = await RedisServer.start([...atOnce, ...tls(0)]);
    const port = String(tlsPorts[0] ?? primary.port);
    const replica = await RedisServer.start(['--replicaof', '127.0.0.1', port, ...tls(1)]);
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
    const sentinel = await RedisServer.startSentinel(file, sentinelPort, tls(2));
    const url = certificate
      ? `rediss-sentinel://localhost:${tlsPorts[2]}/${primaryName}`
      : `redis-sentinel://127.0.0.1:${sentinelPort}/${primaryName}`;
    const all = new RedisSentinel([primary, replica, sentinel], url, folder);
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
      if (answer.includes('slave-priority') && isSynchronous) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
