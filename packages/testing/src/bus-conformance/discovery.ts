import { Worker, WorkerRunner, type WorkerLocation } from '@voicebus/core';
import { expect, it } from 'vitest';
import { within } from '../system/deadline.ts';
import type { BusUnderTest } from './bus-under-test.ts';
import { Seen } from './seen.ts';

/** A process with its workers, on a bus of its own. */
export async function startRunner(
  under: BusUnderTest,
  { channel, name }: { readonly channel: string; readonly name: string },
  ...workers: readonly string[]
): Promise<WorkerRunner> {
  const runner = new WorkerRunner({ bus: under.connect(channel), name });
  await runner.addWorkers(...workers.map((worker) => new Worker(worker)));
  await runner.start();
  return runner;
}

/** What a runner's registry says of a worker's name, in words: "greeter ready". */
export function watch(runner: WorkerRunner, ...names: readonly string[]): Seen<string> {
  const seen = new Seen<string>();
  const tell =
    (what: string) =>
    ({ name }: WorkerLocation): void =>
      seen.add(`${name} ${what}`);
  for (const name of names)
    runner.registry.watch(name, { ready: tell('ready'), left: tell('left'), lost: tell('lost') });
  return seen;
}

/** As a process that died: it renews nothing any more and says no good-bye. */
export function silence(runner: WorkerRunner): void {
  Object.defineProperty(runner.bus.membership, 'announce', { value: () => {} });
}

/** Resolves when all know all. */
export async function allKnown(
  runners: readonly WorkerRunner[],
  names: readonly string[],
): Promise<void> {
  const known = runners.flatMap(({ registry }) =>
    names.map((name) => registry.resolve(name, 'default', 15_000)),
  );
  const found = await Promise.all(known);
  expect(found.map((location) => location?.name)).toEqual(runners.flatMap(() => names));
}

/** Who is there, who comes and who goes. */
export function describeDiscovery(under: () => BusUnderTest, channel: () => string): void {
  const start = (name: string, ...workers: readonly string[]): Promise<WorkerRunner> =>
    startRunner(under(), { channel: channel(), name }, ...workers);
  const end = (runners: readonly WorkerRunner[]): Promise<unknown> =>
    Promise.all(runners.map((runner) => runner.cancel()));

  it('tells a watcher once of who was there before and of who comes later', async () => {
    const early = await start('early', 'greeter');
    const watcher = await start('watcher');
    const seen = watch(watcher, 'greeter', 'support');
    await seen.until((items) => items.includes('greeter ready'), 'the early one');
    const late = await start('late', 'support');
    await seen.until((items) => items.includes('support ready'), 'the late one');
    // Renewals of both say nothing new.
    const marker = await start('marker', 'marker');
    await allKnown([watcher], ['marker']);
    expect(seen.items).toEqual(['greeter ready', 'support ready']);
    await end([early, watcher, late, marker]);
  });

  it('lets a late joiner know everybody, and everybody know it', async () => {
    const runners = [await start('one', 'a'), await start('two', 'b')];
    runners.push(await start('late', 'c'));
    await allKnown(runners, ['a', 'b', 'c']);
    await end(runners);
  });

  it('ends in the same state in every start order', async () => {
    const orders = [
      ['main', 'greeter', 'support'],
      ['main', 'support', 'greeter'],
      ['greeter', 'main', 'support'],
      ['greeter', 'support', 'main'],
      ['support', 'main', 'greeter'],
      ['support', 'greeter', 'main'],
    ];
    await Promise.all(
      orders.map(async (order, index) => {
        const place = `${channel()}-${index}`;
        const runners: WorkerRunner[] = [];
        for (const name of order)
          runners.push(await startRunner(under(), { channel: place, name }, name));
        await allKnown(runners, ['main', 'greeter', 'support']);
        for (const { registry } of runners)
          expect(registry.runners.map(({ runner }) => runner).toSorted()).toEqual(order.toSorted());
        await end(runners);
      }),
    );
  });

  it('lets one that joins during traffic know the others', async () => {
    const busy = await start('busy', 'a');
    const sink = await start('sink', 'b');
    await allKnown([busy], ['b']);
    const to = { incarnation: sink.incarnation, worker: 'b' };
    let isOver = false;
    const traffic = (async () => {
      while (!isOver) {
        for (let count = 0; count < 20; count += 1)
          busy.bus.send({
            kind: 'custom',
            sessionId: 'default',
            from: 'a',
            to,
            body: { name: 'x', body: null },
          });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const joiner = await start('joiner', 'c');
    await within(allKnown([joiner, busy, sink], ['a', 'b', 'c']), 5_000, 'the joiner to be known');
    isOver = true;
    await traffic;
    await end([busy, sink, joiner]);
  });

  it('hears who left, at once', async () => {
    const watcher = await start('watcher');
    const seen = watch(watcher, 'a');
    const polite = await start('polite', 'a');
    await seen.until((items) => items.length === 1, 'it to be ready');
    await polite.end();
    await seen.until((items) => items.length === 2, 'it to leave');
    expect(seen.items).toEqual(['a ready', 'a left']);
    expect(watcher.registry.has('a')).toBe(false);
    await watcher.cancel();
  });

  it('declares lost who is silent, and never hands it out again', async () => {
    const watcher = await start('watcher');
    const seen = watch(watcher, 'a');
    const dead = await start('dead', 'a');
    await seen.until((items) => items.length === 1, 'it to be ready');
    silence(dead);
    await seen.until((items) => items.length === 2, 'it to be lost');
    expect(seen.items).toEqual(['a ready', 'a lost']);
    expect(watcher.registry.has('a')).toBe(false);
    await end([watcher, dead]);
  });

  it('after a restart of the same name says lost, then ready, and finds the one that lives', async () => {
    const watcher = await start('watcher');
    const seen = watch(watcher, 'a');
    const dead = await start('greeter-1', 'a');
    await seen.until((items) => items.length === 1, 'it to be ready');
    silence(dead);
    await seen.until((items) => items.length === 2, 'it to be lost');
    const again = await start('greeter-1', 'a');
    await seen.until((items) => items.length === 3, 'the new one to be ready');
    expect(seen.items).toEqual(['a ready', 'a lost', 'a ready']);
    expect(watcher.registry.get('a')?.incarnation).toBe(again.incarnation);
    await allKnown([again], ['a']);
    await end([watcher, dead, again]);
  });

  it('after a start under a new name hands out the one that lives', async () => {
    const watcher = await start('watcher');
    const seen = watch(watcher, 'a');
    const dead = await start('greeter-1', 'a');
    const other = await start('greeter-2', 'a');
    await seen.until((items) => items.length === 2, 'both to be ready');
    silence(dead);
    await seen.until((items) => items.includes('a lost'), 'one to be lost');
    expect(watcher.registry.get('a')?.incarnation).toBe(other.incarnation);
    await end([watcher, dead, other]);
  });
}
