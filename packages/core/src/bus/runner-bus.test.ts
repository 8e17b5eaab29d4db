import { FakeClock, joinRunner, RoughBus } from '@voicebus/testing';
import { expect, it } from 'vitest';
import type { AnyBusMessage, Envelope } from './envelope.ts';

async function pair() {
  const bus = new RoughBus();
  const clock = new FakeClock();
  const start = async (incarnation: string, served = 'session') => {
    const seen: string[] = [];
    const runner = await joinRunner({ bus, clock, incarnation });
    runner.subscribe('worker', served, {
      receive: ({ message }) =>
        void seen.push(message.kind === 'custom' ? message.body.name : message.kind),
    });
    return { runner, seen };
  };
  const [one, two] = [await start('one'), await start('two')];
  const say = (name: string, sessionId = 'session') =>
    one.runner.send({
      kind: 'custom',
      sessionId,
      from: 'worker',
      to: { incarnation: 'two', worker: 'worker' },
      body: { name, body: null },
    });
  return { bus, clock, one, two, say };
}

const isNumbered = ({ sequence }: Envelope): boolean => sequence > 0;

it('sends again what was lost, when the link is back, and each is taken once and in order', async () => {
  const { bus, clock, two, say } = await pair();
  say('a');
  bus.passes = () => false;
  for (const name of ['b', 'c', 'd']) say(name);
  await clock.settle();
  expect(two.seen).toEqual(['a']);
  bus.passes = () => true;
  bus.linkChanged(false);
  bus.linkChanged(true);
  await clock.settle();
  expect(two.seen).toEqual(['a', 'b', 'c', 'd']);
});

it('sends again by itself when nothing is acknowledged for a second, and then less and less often', async () => {
  const { bus, clock, two, say } = await pair();
  bus.passes = (envelope) => !isNumbered(envelope);
  say('a');
  await clock.advance(900);
  expect(bus.sent.filter(isNumbered)).toHaveLength(1);
  await clock.advance(30_000);
  const tries = bus.sent.filter(isNumbered).length;
  expect(tries).toBeGreaterThan(4);
  expect(tries).toBeLessThan(9);
  bus.passes = () => true;
  await clock.advance(9_000);
  expect(two.seen).toEqual(['a']);
  const settled = bus.sent.length;
  await clock.advance(20_000);
  expect(bus.sent).toHaveLength(settled);
});

it('sends again soon what was lost, once the other side is heard to wait for it', async () => {
  const { bus, clock, two, say } = await pair();
  bus.passes = () => false;
  say('a');
  // By now it is asked every eight seconds.
  await clock.advance(16_000);
  bus.passes = () => true;
  say('b');
  await clock.advance(2_000);
  expect(two.seen).toEqual(['a', 'b']);
});

it('sends again to the one runner whose inbox is new', async () => {
  const { bus, clock, two, say } = await pair();
  bus.passes = () => false;
  say('a');
  bus.passes = () => true;
  bus.inboxOf('somebody else');
  await clock.settle();
  expect(two.seen).toEqual([]);
  bus.inboxOf('two');
  await clock.settle();
  expect(two.seen).toEqual(['a']);
});

it('loses and repeats nothing while the bus is full: it goes out when there is room', async () => {
  const { bus, clock, two, say } = await pair();
  say('a');
  bus.isFull = true;
  for (const name of ['b', 'c']) say(name);
  await clock.settle();
  expect(two.seen).toEqual(['a']);
  expect(() => say('x'.repeat(300_000))).toThrow(expect.objectContaining({ code: 'too-large' }));
  bus.hasRoom();
  say('d');
  await clock.settle();
  expect(two.seen).toEqual(['a', 'b', 'c', 'd']);
  expect(bus.sent.filter(isNumbered)).toHaveLength(4);
});

it('sends by itself what a bus that was full says nothing about', async () => {
  const { bus, clock, two, say } = await pair();
  bus.isFull = true;
  say('a');
  bus.isFull = false;
  say('b');
  await clock.settle();
  expect(two.seen).toEqual([]);
  await clock.advance(1_500);
  expect(two.seen).toEqual(['a', 'b']);
});

it('gives no number to what is too large', async () => {
  const { clock, two, say } = await pair();
  expect(() => say('x'.repeat(300_000))).toThrow(expect.objectContaining({ code: 'too-large' }));
  say('b');
  await clock.settle();
  expect(two.seen).toEqual(['b']);
});

it('answers a fast sender before it reaches its bound', async () => {
  const { clock, two, say } = await pair();
  for (let round = 0; round < 10; round += 1) {
    for (let count = 0; count < 1_000; count += 1) say('x');
    await clock.settle();
  }
  expect(two.seen).toHaveLength(10_000);
});

it('gets its last words through after a session is over, and leaves no link behind', async () => {
  const { bus, clock, one, two, say } = await pair();
  bus.passes = () => false;
  say('good-bye');
  one.runner.forgetSession('session');
  bus.passes = () => true;
  await clock.advance(1_500);
  expect(two.seen).toEqual(['good-bye']);
  two.runner.forgetSession('session');
  await clock.advance(1_500);
  expect(one.runner.peers('session')).toEqual([]);
  expect(two.runner.peers('session')).toEqual([]);
});

it('gives its last words up where nobody has been for a minute, but nothing of a session that goes on', async () => {
  const { bus, clock, one, two, say } = await pair();
  bus.passes = () => false;
  say('good-bye', 'other');
  say('still there?');
  one.runner.forgetSession('other');
  await clock.advance(30_000);
  expect(one.runner.peers('other')).toEqual(['two']);
  await clock.advance(60_000);
  expect(one.runner.peers('other')).toEqual([]);
  bus.passes = () => true;
  await clock.advance(9_000);
  expect(two.seen).toEqual(['still there?']);
  expect(clock.pending).toBe(0);
});

it('tells somebody who goes on with a session that is over to stop', async () => {
  const { bus, clock, two, say } = await pair();
  two.runner.forgetSession('session');
  for (const name of ['a', 'b']) say(name);
  await clock.advance(30_000);
  expect(two.seen).toEqual([]);
  expect(bus.sent.filter(isNumbered)).toHaveLength(2);
});

it('keeps the links of the session that it serves, however many others are invented', async () => {
  const { bus, clock, one, two, say } = await pair();
  say('before');
  await clock.advance(200);
  const bad = await bus.join({
    incarnation: 'bad',
    receive: () => {},
    onRecord: () => {},
    onLeft: () => {},
    onLink: () => {},
  });
  const invented = (sessionId: string): AnyBusMessage => ({
    id: 'm',
    kind: 'deactivate',
    lane: 'ordered',
    channel: 'voicebus',
    sessionId,
    source: { incarnation: 'bad', worker: 'x' },
    target: { incarnation: 'two', worker: 'nobody' },
    wallMs: 0,
    epoch: 0,
    body: {},
  });
  const session = (count: number): string => `invented ${count}`;
  for (let count = 0; count < 11_000; count += 1)
    bad.send({ message: invented(session(count)), sequence: 1, acknowledged: 0 });
  await clock.settle();
  expect(two.runner.peers(session(0))).toEqual([]);
  expect(two.runner.peers(session(10_999))).toEqual(['bad']);
  say('after');
  await clock.advance(200);
  expect(two.seen).toEqual(['before', 'after']);
  expect(one.runner.counters.refused).toBe(0);
});

it('leaves no timer behind', async () => {
  const { bus, clock, one, two, say } = await pair();
  bus.passes = () => false;
  say('a');
  await one.runner.leave();
  await two.runner.leave();
  await one.runner.leave();
  expect(clock.pending).toBe(0);
});
