import { FakeClock } from '@voicebus/testing';
import { expect, it } from 'vitest';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { abortableDelay } from './abortable-delay.ts';
import { withDeadline } from './deadline.ts';

const error = () => new VoicebusError('deadline', 'too late');

it('gives what came in time, and leaves no timer', async () => {
  const clock = new FakeClock();
  expect(await withDeadline(Promise.resolve(1), { clock, limitMs: 10, error })).toBe(1);
  expect(clock.pending).toBe(0);
});

it('throws when the time is over; what comes afterwards hurts nobody', async () => {
  const clock = new FakeClock();
  const never = Promise.withResolvers<number>();
  const waiting = withDeadline(never.promise, { clock, limitMs: 10, error });
  const outcome = expect(waiting).rejects.toThrow('too late');
  await clock.advance(10);
  await outcome;
  never.reject(new Error('even later'));
  await clock.settle();
});

it('a delay ends at its time, or when nobody waits for it any more', async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const [whole, cut] = [
    abortableDelay(clock, 10, new AbortController().signal),
    abortableDelay(clock, 20, abort.signal),
  ];
  await clock.advance(10);
  expect(await whole).toBe(true);
  abort.abort();
  expect(await cut).toBe(false);
  expect(await abortableDelay(clock, 10, abort.signal)).toBe(false);
  expect(clock.pending).toBe(0);
});
