import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Attempts } from './attempts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp() {
  let nowMs = 0;
  const attempts = new Attempts(1000, { now: () => nowMs, random: () => 0 });
  const pass = async (ms: number) => {
    nowMs += ms;
    await vi.advanceTimersByTimeAsync(ms);
  };
  return { attempts, pass };
}

it('pauses longer each time, until its deadline', async () => {
  const { attempts, pass } = setUp();
  const done: number[] = [];
  void (async () => {
    for (let count = 1; !attempts.areOver; count += 1) {
      await attempts.pause();
      done.push(count);
    }
  })();
  await pass(249);
  expect(done).toEqual([]);
  await pass(1);
  expect(done).toEqual([1]);
  await pass(500);
  expect(done).toEqual([1, 2]);
  await pass(1000);
  expect(done).toEqual([1, 2, 3]);
  expect(attempts.areOver).toBe(true);
});

it('tries at once, and for its whole time again, when it is hurried', async () => {
  const { attempts, pass } = setUp();
  await Promise.all([attempts.pause(), pass(250)]);
  let ended = false;
  const pausing = attempts.pause().then(() => (ended = true));
  // The machine slept: its clock went on, its timers did not.
  await pass(0);
  attempts.hurry();
  await pausing;
  expect(ended).toBe(true);
  await Promise.all([attempts.pause(), pass(250)]);
  expect(attempts.areOver).toBe(false);
  await pass(750);
  expect(attempts.areOver).toBe(true);
});
