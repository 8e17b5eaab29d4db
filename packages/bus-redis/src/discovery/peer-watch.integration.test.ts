import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { BusMembership } from '@voicebus/core';
import { RedisServer } from '@voicebus/testing/bus-conformance';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { RedisBus } from '../redis-bus.ts';

/** Joins, says so, and lives until it is killed. */
const program = `
  import { RedisBus } from ${JSON.stringify(new URL('../redis-bus.ts', import.meta.url).href)};
  const nothing = () => {};
  const [redis, incarnation] = process.argv.slice(1);
  await new RedisBus({ redis }).join({
    incarnation, receive: nothing, onRecord: nothing, onLeft: nothing, onLink: nothing,
  });
  process.stdout.write('joined');
  setInterval(nothing, 60_000);
`;

let server: RedisServer;
let membership: BusMembership;
let peer: ChildProcess;
const suspected: string[] = [];
let heard = Promise.withResolvers<void>();

beforeAll(async () => {
  server = await RedisServer.start();
  membership = await new RedisBus({ redis: server.url }).join({
    incarnation: 'watcher',
    receive: () => {},
    onRecord: () => {},
    onLeft: () => {},
    onLink: () => {},
    onSuspect: (incarnation) => {
      suspected.push(incarnation);
      heard.resolve();
    },
  });
});
afterEach(() => {
  peer.kill('SIGKILL');
  suspected.length = 0;
  heard = Promise.withResolvers();
});
afterAll(async () => {
  await membership.leave();
  await server[Symbol.asyncDispose]();
});

async function watched(incarnation: string): Promise<() => void> {
  peer = spawn(process.execPath, ['--input-type=module', '-e', program, server.url, incarnation], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!peer.stdout) throw new Error('It has no output.');
  await once(peer.stdout, 'data');
  const stop = membership.watch(incarnation);
  // Doubted is only who was seen: the second look from now on begins after the first has seen it.
  const before = await looks();
  await vi.waitFor(async () => expect(await looks()).toBeGreaterThan(before + 1), 10_000);
  return stop;
}

/** How often anybody has asked Redis who listens. */
async function looks(): Promise<number> {
  const counted = await server.command('info', 'commandstats');
  return Number(/cmdstat_pubsub\|numsub:calls=(\d+)/.exec(counted)?.[1] ?? 0);
}

/** Longer than it takes to doubt anybody: three unanswered questions, and what a busy machine adds. */
const forAWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1_200));

describe('a process that somebody depends on', () => {
  it('is doubted when it is killed, and only while somebody watches', async () => {
    const stop = await watched('killed');
    await forAWhile();
    expect(suspected).toEqual([]);
    peer.kill('SIGKILL');
    await heard.promise;
    expect(new Set(suspected)).toEqual(new Set(['killed']));
    stop();
    const count = suspected.length;
    await forAWhile();
    expect(suspected).toHaveLength(count);
  });

  it('is doubted when it hangs', async () => {
    const stop = await watched('hanging');
    await forAWhile();
    expect(suspected).toEqual([]);
    peer.kill('SIGSTOP');
    await heard.promise;
    expect(suspected).toContain('hanging');
    stop();
  });

  it('is not doubted while Redis is what does not answer', async () => {
    const stop = await watched('innocent');
    await forAWhile();
    await server.kill();
    await forAWhile();
    await server.start();
    await forAWhile();
    expect(suspected).toEqual([]);
    stop();
  });

  it('is not doubted when it never was there', async () => {
    peer = spawn('true');
    const stop = membership.watch('of another version');
    await forAWhile();
    expect(suspected).toEqual([]);
    stop();
  });
});
