import { expect, it } from 'vitest';
import { SleepWatch } from './sleep-watch.ts';

function setUp() {
  let nowMs = 0;
  const woke: number[] = [];
  const watch = new SleepWatch({ onWake: (sleptMs) => woke.push(sleptMs), now: () => nowMs });
  const lookAfter = (ms: number, hint = false) => {
    nowMs += ms;
    watch.look({ hint });
  };
  return { woke, lookAfter };
}

it('says nothing while timers are in time, or throttled as in a hidden page', () => {
  const { woke, lookAfter } = setUp();
  for (let count = 0; count < 10; count += 1) lookAfter(1000);
  lookAfter(2000);
  expect(woke).toEqual([]);
});

it('says how long nothing ran', () => {
  const { woke, lookAfter } = setUp();
  lookAfter(1000);
  lookAfter(600_000);
  lookAfter(1000);
  expect(woke).toEqual([600_000]);
});

it('takes a hint even without a gap', () => {
  const { woke, lookAfter } = setUp();
  lookAfter(500, true);
  expect(woke).toEqual([0]);
});
