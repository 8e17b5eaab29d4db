import { FakeClock } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';
import { WorkerRunner } from '../runner/worker-runner.ts';
import { Worker, type ActivationArgs } from './worker.ts';

class Recorder extends Worker {
  readonly seen: string[] = [];
  protected override onActivated(args: ActivationArgs): void {
    this.seen.push(`activated ${JSON.stringify(args.metadata ?? null)}`);
  }
  protected override onDeactivated(): void {
    this.seen.push('deactivated');
  }
  protected override onMessage(name: string, body: unknown): void {
    this.seen.push(`${name} ${JSON.stringify(body)}`);
  }
}

async function setup(...workers: Worker[]) {
  const clock = new FakeClock();
  const runner = new WorkerRunner({ bus: new LocalBus({ mode: 'frozen' }), clock });
  await runner.addWorkers(...workers);
  return { clock, runner };
}

describe('a worker', () => {
  it('cannot be used before it is on a runner', () => {
    expect(() => new Worker('lonely').host).toThrow('lonely is on no runner yet');
  });

  it('keeps an activation that comes before its start, the last one, and applies it once', async () => {
    const early = new Recorder('early', { active: false });
    const { clock, runner } = await setup(early);
    void early['activated']({ metadata: { first: true } });
    void early['activated']({ metadata: { second: true } });
    expect(early.seen).toEqual([]);
    await runner.start();
    await clock.settle();
    expect(early.seen).toEqual(['activated {"second":true}']);
    expect(early.activationArgs).toEqual({ metadata: { second: true } });
  });

  it('activates and deactivates another, whose arguments are gone then', async () => {
    const [one, two] = [new Recorder('one'), new Recorder('two', { active: false })];
    const { clock, runner } = await setup(one, two);
    await runner.start();
    await clock.until(one.activateWorker('two', { args: { metadata: { why: 'because' } } }));
    expect([two.active, two.activationArgs]).toEqual([true, { metadata: { why: 'because' } }]);
    await clock.until(one.deactivateWorker('two'));
    await clock.settle();
    expect([two.active, two.activationArgs]).toEqual([false, undefined]);
    expect(two.seen).toEqual(['activated {"why":"because"}', 'deactivated']);
  });

  it('is told in bounded time that a target does not exist', async () => {
    const one = new Worker('one');
    const { clock, runner } = await setup(one);
    await runner.start();
    const before = clock.now();
    await expect(clock.until(one.activateWorker('nobody'))).rejects.toMatchObject({
      code: 'no-such-worker',
    });
    expect(clock.now() - before).toBeLessThanOrEqual(1_000);
  });

  it('hears messages to itself', async () => {
    const one = new Recorder('one', { active: false });
    const { clock, runner } = await setup(one);
    await runner.start();
    await clock.until(one.sendMessage('one', 'note', { to: 'self' }));
    await clock.settle();
    expect(one.seen).toEqual(['note {"to":"self"}']);
  });

  it('ends after its children, and stops them when it is cancelled', async () => {
    const order: string[] = [];
    class Child extends Worker {
      protected override finish(): void {
        order.push(this.name);
      }
    }
    const parent = new Child('parent');
    const { clock, runner } = await setup(parent);
    await runner.start();
    await clock.until(parent.addWorkers(new Child('child')));
    await clock.until(Promise.all([parent.end(), parent.end()]));
    expect(order).toEqual(['child', 'parent']);
    expect(runner.leaks()).toEqual([]);

    const second = new Worker('second');
    await clock.until(runner.addWorkers(second));
    const child = new Worker('child');
    await clock.until(second.addWorkers(child));
    await clock.until(second.cancel());
    expect([second.state, child.state]).toEqual(['stopped', 'stopped']);
  });

  it('has a name of its own on its runner', async () => {
    const { runner } = await setup(new Worker('twin'));
    await expect(runner.addWorkers(new Worker('twin'))).rejects.toThrow(
      'is on this runner already',
    );
  });
});

describe('a runner', () => {
  it('leaves nothing behind when it ends, and ends once', async () => {
    const { clock, runner } = await setup(new Worker('one'), new Worker('two'));
    const running = runner.run();
    await clock.settle();
    await clock.until(Promise.all([runner.end(), runner.end('again'), runner.cancel()]));
    await running;
    expect(runner.leaks()).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
