import { FakeClock, joinRunner, RoughBus } from '@voicebus/testing';
import { expect, it } from 'vitest';
import type { RunnerBus } from './runner-bus.ts';

/** Somebody who writes, and two who listen. */
async function start() {
  const bus = new RoughBus();
  const clock = new FakeClock();
  const seen: Record<string, string[]> = {};
  const join = async (incarnation: string): Promise<RunnerBus> => {
    const runner = await joinRunner({ bus, clock, incarnation });
    const heard: string[] = (seen[incarnation] = []);
    runner.subscribe('worker', 'session', {
      receive: ({ message }) =>
        void heard.push(message.kind === 'response-text' ? message.body.text : message.kind),
    });
    return runner;
  };
  const [one] = [await join('one'), await join('two'), await join('three')];
  const to = (incarnation: string) =>
    ({
      sessionId: 'session',
      from: 'worker',
      to: { incarnation, worker: 'worker' },
    }) as const;
  const write = (text: string, incarnation = 'two') =>
    one.send({
      ...to(incarnation),
      kind: 'response-text',
      body: { turnId: 't', messageId: 'm', text },
    });
  const abort = new AbortController();
  const drained = (incarnation = 'two') => one.whenDrained('session', incarnation, abort.signal);
  return { bus, clock, one, seen, to, write, drained, abort };
}

it('does not wait for one that follows', async () => {
  const { clock, write, drained, one } = await start();
  expect(drained()).toBeUndefined();
  for (let count = 0; count < 100; count += 1) {
    write(`${count}`);
    await clock.advance(50);
    expect(drained()).toBeUndefined();
  }
  expect(one.counters.paused).toBe(0);
});

it('waits once a token was not taken in for 2 s, and no longer than until it is', async () => {
  const { bus, clock, write, drained, seen, one } = await start();
  bus.passes = () => false;
  write('a');
  await clock.advance(1_900);
  write('b');
  expect(drained()).toBeUndefined();
  await clock.advance(100);
  const wait = drained();
  write('c', 'three');
  expect(drained('three')).toBeUndefined();
  expect(one.counters.paused).toBe(1);
  bus.passes = () => true;
  bus.inboxOf('two');
  await clock.until(wait ?? Promise.reject(new Error('no wait')), 500);
  expect(seen['two']).toEqual(['a', 'b']);
  expect(drained()).toBeUndefined();
});

it('waits at 64 KB of text, and still takes all control there is', async () => {
  const { bus, clock, one, to, write, drained, seen } = await start();
  bus.passes = () => false;
  let written = 0;
  for (; !drained(); written += 1) write('word ');
  expect(written).toBeGreaterThan(400);
  expect(written).toBeLessThan(500);
  for (let count = 0; count < 3_500; count += 1)
    one.send({ ...to('two'), kind: 'deactivate', body: {} });
  bus.passes = () => true;
  bus.linkChanged(true);
  await clock.advance(100);
  expect(seen['two']).toHaveLength(written + 3_500);
  expect(drained()).toBeUndefined();
});

it('ends the wait when nobody needs the answer any more', async () => {
  const { bus, clock, write, drained, abort } = await start();
  bus.passes = () => false;
  write('a');
  await clock.advance(2_000);
  const wait = drained();
  abort.abort();
  await expect(wait).resolves.toBeUndefined();
  await expect(drained()).resolves.toBeUndefined();
});

it('gives the wait up after half a minute, and when the session ends', async () => {
  const { bus, clock, one, write, drained } = await start();
  bus.passes = () => false;
  write('a');
  await clock.advance(2_000);
  const late = expect(drained()).rejects.toMatchObject({ code: 'link-broken', isRetryable: true });
  await clock.advance(30_000);
  await late;
  const over = expect(drained()).rejects.toMatchObject({ code: 'closed' });
  one.forgetSession('session');
  await over;
  await expect(drained()).rejects.toMatchObject({ code: 'closed' });
  await one.leave();
});
