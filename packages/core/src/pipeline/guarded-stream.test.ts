import { FakeClock } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { guardedStream } from './guarded-stream.ts';

/** A stream of one part, which the test gives when it likes. */
function waiting() {
  const clock = new FakeClock();
  const part = Promise.withResolvers<string>();
  const parts = guardedStream({
    name: 'model',
    clock,
    signal: new AbortController().signal,
    limitMs: 6_000,
    async *start() {
      yield await part.promise;
    },
  });
  return { clock, part, first: parts.next() };
}

test('a part that came while this process stood still is not late', async () => {
  const { clock, part, first } = waiting();
  clock.standStill(15_000);
  part.resolve('hello');
  expect(await first).toEqual({ done: false, value: 'hello' });
  expect(clock.pending).toBe(0);
});

test('where none came, as much time is given as was lost, and then it is late', async () => {
  const { clock, first } = waiting();
  const outcome = expect(first).rejects.toMatchObject({ code: 'deadline' });
  clock.standStill(15_000);
  await clock.advance(5_999);
  expect(clock.pending).toBe(1);
  await clock.advance(1);
  await outcome;
  expect(clock.pending).toBe(0);
});
