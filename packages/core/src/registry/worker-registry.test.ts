import { defineTestAgent, FakeClock, ScriptedLanguageModel } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';
import { WorkerRunner } from '../runner/worker-runner.ts';
import { Worker } from '../workers/worker.ts';

const llm = new ScriptedLanguageModel({ replies: [] });

function channel() {
  const clock = new FakeClock();
  const bus = new LocalBus({ mode: 'encoded' });
  const start = async (name: string, ...workers: string[]) => {
    const runner = new WorkerRunner({ bus, clock, name });
    await runner.addWorkers(...workers.map((worker) => new Worker(worker)));
    await runner.start();
    await clock.settle();
    return runner;
  };
  return { clock, bus, start };
}

describe('discovery', () => {
  it('tells a watcher once, also when the worker was there before, and the same handler only once', async () => {
    const { clock, start } = channel();
    const watcher = await start('watcher');
    const seen: string[] = [];
    const handler = ({ runner }: { runner: string }): void => void seen.push(runner);
    await start('early', 'greeter');
    watcher.registry.watch('greeter', handler);
    watcher.registry.watch('greeter', handler);
    const others: string[] = [];
    watcher.registry.watch('greeter', ({ runner }) => void others.push(runner));
    await clock.advance(3_000);
    expect(seen).toEqual(['early']);
    // Another watcher of the same name is told, too, and as often.
    expect(others).toEqual(['early']);
    watcher.registry.watch('late one', handler);
    await start('late', 'late one');
    await clock.advance(3_000);
    expect(seen).toEqual(['early', 'late']);
  });

  it('lets a late joiner know everybody, and everybody know it', async () => {
    const { start } = channel();
    const one = await start('one', 'a');
    const two = await start('two', 'b');
    const late = await start('late', 'c');
    for (const runner of [one, two, late]) {
      expect(['a', 'b', 'c'].map((name) => runner.registry.has(name))).toEqual([true, true, true]);
    }
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
    for (const order of orders) {
      const { start } = channel();
      const runners = [];
      for (const name of order) runners.push(await start(name, name));
      const views = runners.map(({ registry }) =>
        registry.runners.map(({ runner }) => runner).toSorted(),
      );
      expect(views).toEqual(order.map(() => ['greeter', 'main', 'support']));
    }
  });

  it('hears who left, and who was lost once the lease is over', async () => {
    const { clock, start } = channel();
    const watcher = await start('watcher');
    const polite = await start('polite', 'a');
    const dead = await start('dead', 'b');
    const seen: string[] = [];
    for (const name of ['a', 'b']) {
      watcher.registry.watch(name, {
        left: () => void seen.push(`${name} left`),
        lost: () => void seen.push(`${name} lost`),
      });
    }
    await clock.until(polite.end());
    expect(seen).toEqual(['a left']);
    dead.bus.membership.announce = () => {};
    await clock.advance(1_500);
    expect(seen).toEqual(['a left']);
    await clock.advance(1_000);
    expect(seen).toEqual(['a left', 'b lost']);
    expect(watcher.registry.has('b')).toBe(false);
  });

  it('tells of a restarted runner that it was lost, then ready; of two of one name that live, nothing', async () => {
    const { clock, start } = channel();
    const watcher = await start('watcher');
    const first = await start('greeter-1', 'a');
    const seen: string[] = [];
    watcher.registry.watch('a', {
      ready: ({ incarnation }) =>
        void seen.push(`${incarnation === first.incarnation ? 'first' : 'second'} ready`),
      lost: () => void seen.push('lost'),
    });
    await clock.advance(2_000);
    await start('greeter-1', 'a');
    await clock.advance(2_000);
    expect(seen).toEqual(['first ready', 'second ready']);
    first.bus.membership.announce = () => {};
    await clock.advance(900);
    const third = await start('greeter-1', 'a');
    expect(seen).toEqual(['first ready', 'second ready', 'lost', 'second ready']);
    expect(watcher.registry.has('a')).toBe(true);
    expect(watcher.registry.runners.map(({ incarnation }) => incarnation)).toContain(
      third.incarnation,
    );
  });

  it('declares nobody lost while its own link is down, nor one lease after, nor after it slept itself', async () => {
    const { clock, start } = channel();
    const watcher = await start('watcher');
    const silent = await start('silent', 'b');
    silent.bus.membership.announce = () => {};
    watcher.registry.linkChanged(false);
    await clock.advance(10_000);
    expect(watcher.registry.has('b')).toBe(true);
    watcher.registry.linkChanged(true);
    await clock.advance(1_400);
    expect(watcher.registry.has('b')).toBe(true);
    await clock.advance(500);
    expect(watcher.registry.has('b')).toBe(false);
  });

  it('gives a full replica no new session, but another role of one that it serves', async () => {
    const { clock, bus, start } = channel();
    const main = await start('main');
    const replica = new WorkerRunner({ bus, clock, name: 'agents', capacity: 1 })
      .serve(defineTestAgent('greeter'), { llm })
      .serve(defineTestAgent('support'), { llm });
    await replica.start();
    await clock.settle();
    const { incarnation } = replica;
    expect(main.registry.get('greeter', 'session-1')?.incarnation).toBe(incarnation);
    main.registry.heard({ ...replica.record(), sessions: 1, state: 'busy' });
    expect(main.registry.get('support', 'session-1')?.incarnation).toBe(incarnation);
    expect(main.registry.get('greeter', 'session-2')).toBeUndefined();
    // So it is while it drains: its calls go on to their end.
    main.registry.heard({ ...replica.record(), sessions: 1, state: 'draining' });
    expect(main.registry.get('support', 'session-1')?.incarnation).toBe(incarnation);
    expect(main.registry.get('greeter', 'session-2')).toBeUndefined();
    expect(main.registry.get('support', 'session-2')).toBeUndefined();
  });

  it('keeps a session with the replica it has, and gives new ones to the less loaded', async () => {
    const { clock, bus, start } = channel();
    const main = await start('main');
    const replicas = ['one', 'two'].map((name) =>
      new WorkerRunner({ bus, clock, name, capacity: 2 }).serve(defineTestAgent('greeter'), {
        llm,
      }),
    );
    for (const replica of replicas) await replica.start();
    const first = main.registry.get('greeter', 'session-1');
    for (let again = 0; again < 20; again += 1) {
      expect(main.registry.get('greeter', 'session-1')?.incarnation).toBe(first?.incarnation);
    }
    const full = replicas.find(({ incarnation }) => incarnation === first?.incarnation);
    const other = replicas.find((replica) => replica !== full);
    full?.drain();
    await clock.settle();
    expect(main.registry.get('greeter', 'session-2')?.incarnation).toBe(other?.incarnation);
    expect(main.registry.get('greeter', 'session-1')?.incarnation).toBe(first?.incarnation);
  });
});
