import { within } from '../../system/deadline.ts';
import { freePort } from '../../system/process/free-port.ts';
import type { Certificate } from './certificate.ts';
import { RedisServer } from './redis-server.ts';
import { TcpProxy } from './tcp-proxy.ts';

const slots = 16_384;
const formedMs = 30_000;

/** Three masters without replicas, each behind a proxy under whose address the others know it. */
export class RedisCluster implements AsyncDisposable {
  readonly nodes: readonly RedisServer[];
  readonly proxies: readonly TcpProxy[];
  readonly urls: readonly string[];

  private constructor(
    nodes: readonly RedisServer[],
    proxies: readonly TcpProxy[],
    urls: readonly string[],
  ) {
    this.nodes = nodes;
    this.proxies = proxies;
    this.urls = urls;
  }

  /** With a certificate, behind the proxies TLS is spoken, and nothing else. */
  static async start(certificate?: Certificate): Promise<RedisCluster> {
    const busPorts = [await freePort(), await freePort(), await freePort()];
    const ports = [await freePort(), await freePort(), await freePort()];
    const tlsPorts = certificate ? [await freePort(), await freePort(), await freePort()] : ports;
    const proxies = await Promise.all(tlsPorts.map((port) => TcpProxy.to(port)));
    const nodes = await Promise.all(
      busPorts.map((busPort, index) => {
        const settings = [
          ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'],
          ...['--cluster-port', String(busPort), '--cluster-node-timeout', '2000'],
          // With a node away, the others go on with what is theirs.
          ...['--cluster-require-full-coverage', 'no'],
          ...[`--cluster-announce-${certificate ? 'tls-' : ''}port`, String(proxies[index]?.port)],
          ...(certificate?.settings(tlsPorts[index] ?? 0) ?? []),
          ...(certificate ? ['--tls-cluster', 'yes'] : []),
        ];
        return RedisServer.start(settings, ports[index]);
      }),
    );
    const address = certificate ? 'rediss://localhost' : 'redis://127.0.0.1';
    const urls = proxies.map(({ port }) => `${address}:${port}`);
    const cluster = new RedisCluster(nodes, proxies, urls);
    for (const [index, node] of nodes.entries()) {
      const first = Math.floor((index * slots) / nodes.length);
      const last = Math.floor(((index + 1) * slots) / nodes.length) - 1;
      await node.command('cluster', 'addslotsrange', String(first), String(last));
      await node.command('cluster', 'set-config-epoch', String(index + 1));
    }
    for (const [index, port] of tlsPorts.entries()) {
      if (index === 0) continue;
      await nodes[0]?.command(
        'cluster',
        'meet',
        '127.0.0.1',
        String(port),
        String(busPorts[index]),
      );
    }
    await within(cluster.#untilFormed(), formedMs, 'the cluster to form');
    return cluster;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.proxies, ...this.nodes].map((each) => each[Symbol.asyncDispose]()));
  }

  async #untilFormed(): Promise<void> {
    for (const node of this.nodes) {
      for (;;) {
        const info = await node.command('cluster', 'info');
        if (info.includes('cluster_state:ok') && info.includes(`cluster_slots_ok:${slots}`)) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }
}
