import { expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';

test('timers run in order of their due time, equal ones in the order they were set', async () => {
  const clock = new FakeClock({ wallMs: 1000 });
  const seen: string[] = [];
  clock.after(20, () => seen.push(`b at ${clock.now()}`));
  clock.after(10, () => seen.push(`a at ${clock.now()}`));
  clock.after(20, () => seen.push(`c at ${clock.wall()}`));
  await clock.advance(19);
  expect(seen).toEqual(['a at 10']);
  await clock.advance(1);
  expect(seen).toEqual(['a at 10', 'b at 20', 'c at 1020']);
  expect(clock.pending).toBe(0);
});

test('a timer set by a promise that a timer resolved runs in the same advance', async () => {
  const clock = new FakeClock();
  const seen: number[] = [];
  const wait = (delayMs: number): Promise<void> =>
    new Promise((resolve) => clock.after(delayMs, resolve));
  void (async () => {
    for (let round = 0; round < 5; round += 1) {
      await wait(7);
      seen.push(clock.now());
    }
  })();
  await clock.advance(30);
  expect(seen).toEqual([7, 14, 21, 28]);
});

test('a cancelled timer does not run', async () => {
  const clock = new FakeClock();
  let runs = 0;
  clock.after(5, () => (runs += 1))();
  await clock.drain();
  expect(runs).toBe(0);
});

test('until gives the outcome, and says so when it does not come', async () => {
  const clock = new FakeClock();
  const late = new Promise<string>((resolve) => clock.after(900, () => resolve('late')));
  expect(await clock.until(late)).toBe('late');
  expect(clock.now()).toBe(900);
  await expect(clock.until(new Promise(() => {}), 100)).rejects.toThrow('not settled');
});
