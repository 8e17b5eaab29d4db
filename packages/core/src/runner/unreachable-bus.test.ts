import { FakeClock } from '@voicebus/testing';
import { expect, it, onTestFinished } from 'vitest';
import type { Bus } from '../bus/bus.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { WorkerRunner } from './worker-runner.ts';

it('says why it could not join its bus, and ends without another word', async () => {
  const clock = new FakeClock();
  const unreachable = new VoicebusError('link-broken', 'Nobody is there.');
  const bus: Bus = { channel: 'acme', join: () => Promise.reject(unreachable) };
  const runner = new WorkerRunner({ bus, clock, name: 'agents' });
  // What is announced is announced later, where nobody could catch what it throws.
  const uncaught: unknown[] = [];
  const collect = (thrown: unknown): unknown => uncaught.push(thrown);
  process.on('uncaughtException', collect);
  onTestFinished(() => void process.off('uncaughtException', collect));

  await expect(runner.start()).rejects.toBe(unreachable);
  await clock.until(runner.cancel('shutting down'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(runner.state).toBe('drained');
  expect(uncaught).toEqual([]);
});
