import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { JoinOptions } from '@voicebus/core';
import {
  Certificate,
  freePort,
  numbers,
  Peer,
  RedisCluster,
  RedisSentinel,
  RedisServer,
} from '@voicebus/testing/bus-conformance';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Line } from './connection/line.ts';
import { RedisBus } from './redis-bus.ts';

const options: JoinOptions = {
  incarnation: 'one',
  receive: () => {},
  onRecord: () => {},
  onLeft: () => {},
  onLink: () => {},
};

let certificate: Certificate;
beforeAll(async () => {
  certificate = await Certificate.make();
});
afterAll(() => certificate[Symbol.asyncDispose]());

/** As `NODE_EXTRA_CA_CERTS` does for a whole process. */
async function trusting(what: () => Promise<void>): Promise<void> {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, certificate.text]);
  try {
    await what();
  } finally {
    setDefaultCACertificates(before);
  }
}

/** Both lanes, both ways, between two that only know that address. */
async function carries(redis: string): Promise<void> {
  await using one = await Peer.join(new RedisBus({ redis }));
  await using two = await Peer.join(new RedisBus({ redis }));
  for (const name of numbers(50)) {
    one.say(two, name);
    two.say(one, name);
  }
  one.call(two, 'cancel');
  await two.seen.until((seen) => seen.length === 51, 'everything at two');
  await one.seen.until((seen) => seen.length === 50, 'everything at one');
  expect([two.said, one.said]).toEqual([numbers(50), numbers(50)]);
}

async function isRefused(redis: string): Promise<void> {
  const stranger = new RedisBus({ redis, joinTimeoutMs: 1_000 });
  await expect(stranger.join(options)).rejects.toMatchObject({ code: 'link-broken' });
}

it('speaks TLS when the URL says so, with a server whose certificate it trusts', async () => {
  const port = await freePort();
  await using server = await RedisServer.start(certificate.settings(port));
  const stranger = new RedisBus({ redis: `rediss://localhost:${port}`, joinTimeoutMs: 1_000 });
  await expect(stranger.join(options)).rejects.toThrow('self-signed certificate');
  await trusting(async () => {
    await carries(`rediss://localhost:${port}`);
    // Trusted, but for another name.
    await isRefused(`rediss://127.0.0.1:${port}`);
  });
  expect(await server.command('ping')).toBe('PONG');
});

it('speaks TLS with every node of a cluster, though they know each other by addresses', async () => {
  await using cluster = await RedisCluster.start(certificate);
  await isRefused(cluster.urls.join(','));
  await trusting(async () => {
    await carries(cluster.urls.join(','));
    await isRefused(cluster.urls.map((url) => url.replace('localhost', '127.0.0.1')).join(','));
  });
});

it('speaks TLS with Sentinel, and with the primary of whose address that tells', async () => {
  await using sentinel = await RedisSentinel.start(certificate);
  await isRefused(sentinel.url);
  await trusting(() => carries(sentinel.url));
});

it('outlives what a server still says on a line whose certificate was refused', async () => {
  const port = await freePort();
  await using server = await RedisServer.start(certificate.settings(port));
  // Whoever leaves in the middle of a handshake may get two errors; uncaught, the second fails this run.
  for (let count = 0; count < 60; count += 1) {
    const line = new Line({ place: { host: 'localhost', port, tls: {} }, purpose: 'append' });
    line.open();
    // Each at another moment of it.
    await new Promise((resolve) => setTimeout(resolve, count % 12));
    line.close();
  }
  // Whatever was still to come comes before a whole connection is made and left.
  const known = new RedisBus({ redis: { host: 'localhost', port, tls: { ca: certificate.text } } });
  await (await known.join(options)).leave();
  expect(await server.command('ping')).toBe('PONG');
});
