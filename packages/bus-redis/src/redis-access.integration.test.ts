import { Worker, WorkerRunner, type BusMembership, type JoinOptions } from '@voicebus/core';
import { freePort, RedisServer } from '@voicebus/testing/bus-conformance';
import { expect, it } from 'vitest';
import { aclRules, type BusRole } from './acl.ts';
import { RedisBus } from './redis-bus.ts';

function options(incarnation = 'one'): JoinOptions {
  return {
    incarnation,
    receive: () => {},
    onRecord: () => {},
    onLeft: () => {},
    onLink: () => {},
  };
}

/** Every plane once: resolves when all of them have answered. */
async function useEverything(bus: BusMembership, ownsSessions: boolean): Promise<void> {
  const gone = Promise.withResolvers<void>();
  const events = bus.events.subscribe(() => gone.resolve());
  const stop = await bus.media.listen('session', () => {});
  bus.media.send('one', {
    sessionId: 'session',
    sequence: 1,
    sampleRate: 24_000,
    wallMs: Date.now(),
    pcm: Buffer.alloc(960),
  });
  bus.events.publish({
    id: 'event',
    sequence: 1,
    atMs: 0,
    wallMs: 0,
    sessionId: 'session',
    type: 'caller-disconnected',
  });
  await gone.promise;
  events();
  stop();
  if (!ownsSessions) return;
  expect(await bus.store.compareAndSet('floor/session/', 0, { epoch: 1, holder: 'x' })).toBe(true);
  await bus.store.remove('floor/session/');
}

it('says where it looked and what to do when nobody is there', async () => {
  const port = await freePort();
  const bus = new RedisBus({ redis: `redis://127.0.0.1:${port}`, joinTimeoutMs: 1_500 });
  const refused = bus.join(options());
  await expect(refused).rejects.toMatchObject({ code: 'link-broken', isRetryable: true });
  await expect(refused).rejects.toThrow(`127.0.0.1:${port} cannot be used: connect ECONNREFUSED`);
  await expect(refused).rejects.toThrow('Start it, or correct its address');
});

it('waits for a server that is still to come', async () => {
  const port = await freePort();
  const bus = new RedisBus({ redis: `redis://127.0.0.1:${port}`, joinTimeoutMs: 20_000 });
  const joining = bus.join(options());
  await using server = await RedisServer.start([], port);
  await (await joining).leave();
  expect(await server.command('keys', '*')).toBe('');
});

it('refuses an address or a channel that is none, without repeating a password', () => {
  const secret = 'hush';
  for (const redis of [`http://:${secret}@host`, `redis://u:${secret}@host/first`, secret])
    expect(() => new RedisBus({ redis })).toThrow(expect.not.stringContaining(secret));
  expect(() => new RedisBus({ redis: 'redis://host', channel: 'a:b' })).toThrow('no name of a');
});

it('takes user and password from the URL, and says at once when they are wrong', async () => {
  await using server = await RedisServer.start(['--requirepass', 'pass word']);
  const redis = (password: string): string =>
    `redis://:${encodeURIComponent(password)}@127.0.0.1:${server.port}`;
  const membership = await new RedisBus({ redis: redis('pass word') }).join(options());
  await membership.leave();
  await membership.leave();
  const wrong = new RedisBus({ redis: redis('guess'), joinTimeoutMs: 60_000 }).join(options());
  await expect(wrong).rejects.toThrow('WRONGPASS');
  await expect(wrong).rejects.not.toThrow('guess');
});

it.each<BusRole>(['transport-agent', 'agent'])(
  'needs no more of Redis than the rules of a %s say, and sees no other channel',
  async (role) => {
    await using server = await RedisServer.start();
    const rules = aclRules(role, 'acme');
    await server.command('acl', 'setuser', role, 'on', '>secret', ...rules);
    await server.command('acl', 'setuser', 'default', 'off');
    const redis = `redis://${role}:secret@127.0.0.1:${server.port}`;
    const bus = await new RedisBus({ redis, channel: 'acme' }).join(options());
    await useEverything(bus, role === 'transport-agent');
    if (role === 'agent') await expect(bus.store.get('floor/session/')).rejects.toThrow('NOPERM');
    await bus.leave();
    const other = new RedisBus({ redis, channel: 'acme_eu', joinTimeoutMs: 10_000 });
    await expect(other.join(options())).rejects.toThrow('NOPERM');
  },
);

it('keeps its inbox for as long as it is there, whether or not it says anything', async () => {
  await using server = await RedisServer.start();
  const bus = await new RedisBus({ redis: server.url }).join(options());
  const inbox = 'voicebus:in:{one}';
  await server.command('pexpire', inbox, '5000');
  while (Number(await server.command('pttl', inbox)) <= 5_000)
    await new Promise((resolve) => setTimeout(resolve, 50));
  await bus.leave();
  expect(await server.command('exists', inbox)).toBe('0');
});

it('makes its inbox and its record anew when Redis has lost them', async () => {
  await using server = await RedisServer.start();
  const inbox = Promise.withResolvers<void>();
  const watcher = new WorkerRunner({ bus: new RedisBus({ redis: server.url }), name: 'watcher' });
  const runner = new WorkerRunner({ bus: new RedisBus({ redis: server.url }), name: 'runner' });
  await runner.addWorkers(new Worker('a'));
  const member = await new RedisBus({ redis: server.url }).join({
    ...options('peer'),
    onInbox: (incarnation) => {
      if (incarnation === runner.incarnation) inbox.resolve();
    },
  });
  await Promise.all([watcher.start(), runner.start()]);
  await watcher.registry.resolve('a', 'default', 10_000);
  expect(await server.command('flushall')).toBe('OK');
  // Whoever sends to it is told, so that nothing that was in the old one is missing.
  await inbox.promise;
  const late = new WorkerRunner({ bus: new RedisBus({ redis: server.url }), name: 'late' });
  await late.start();
  expect(await late.registry.resolve('a', 'default', 10_000)).toMatchObject({ runner: 'runner' });
  await Promise.all([watcher, runner, late].map((each) => each.cancel()));
  await member.leave();
});

it('keeps the newest 5,000 events of a session, for an hour after its end', async () => {
  await using server = await RedisServer.start();
  const bus = await new RedisBus({ redis: server.url }).join(options());
  const last = 5_200;
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const isEnd = sequence === last;
    bus.events.publish({
      id: `${sequence}`,
      sequence,
      atMs: 0,
      wallMs: 0,
      sessionId: 'session',
      ...(isEnd
        ? ({ type: 'session-ended', reason: 'caller-ended' } as const)
        : ({ type: 'caller-disconnected' } as const)),
    });
    // Reading waits for what is under way, so that nothing is over the bound.
    if (sequence % 400 === 0) await bus.events.read('session');
  }
  const kept = await bus.events.read('session');
  expect(kept.map(({ sequence }) => sequence)).toEqual(
    Array.from({ length: 5_000 }, (_, index) => last - 5_000 + 1 + index),
  );
  expect(bus.events.dropped).toBe(0);
  const leftMs = Number(await server.command('pttl', 'voicebus:events:session'));
  expect(leftMs).toBeGreaterThan(3_500_000);
  expect(leftMs).toBeLessThanOrEqual(3_600_000);
  await bus.leave();
});

it('drops events that Redis does not take, and counts them', async () => {
  await using server = await RedisServer.start();
  const bus = await new RedisBus({ redis: server.url }).join(options());
  for (let sequence = 1; sequence <= 1_500; sequence += 1)
    bus.events.publish({
      id: `${sequence}`,
      sequence,
      atMs: 0,
      wallMs: 0,
      sessionId: 'session',
      type: 'caller-disconnected',
    });
  expect(bus.events.dropped).toBe(500);
  expect(await bus.events.read('session')).toHaveLength(1_000);
  await bus.leave();
});
