import { FakeClock } from '@voicebus/testing';
import type { Clock } from '@voicebus/core';
import { expect, test } from 'vitest';
import { Pacer } from './pacer.ts';

/** A machine whose timers fire late, each by what is said. */
class LateClock extends FakeClock implements Clock {
  readonly lateMs: () => number;

  constructor(lateMs: () => number) {
    super();
    this.lateMs = lateMs;
  }

  override after(delayMs: number, callback: () => void): () => void {
    return super.after(delayMs + this.lateMs(), callback);
  }
}

/** The process worked on something else for so long, and no timer could fire. */
class BusyClock extends FakeClock {
  busyMs = 0;

  override now(): number {
    return super.now() + this.busyMs;
  }
}

test('keeps the mean rate whatever the timers do', async () => {
  let turn = 0;
  const clock = new LateClock(() => [0, 3, 11, 7, 19][(turn += 1) % 5] ?? 0);
  const pacer = new Pacer(clock);
  const lateness: number[] = [];
  let ticks = 0;
  pacer.add((elapsed, dueMs) => {
    expect(elapsed).toBe(1);
    lateness.push(clock.now() - dueMs);
    ticks += 1;
  });
  await clock.advance(10_020);
  expect(ticks).toBeGreaterThanOrEqual(499);
  expect(ticks).toBeLessThanOrEqual(501);
  expect(Math.max(...lateness)).toBe(19);
});

test('catches up by two packets and skips the rest, and says how many', async () => {
  let lateMs = 0;
  const clock = new LateClock(() => lateMs);
  const pacer = new Pacer(clock);
  const calls: { atMs: number; dueMs: number; elapsed: number }[] = [];
  pacer.add((elapsed, dueMs) => calls.push({ atMs: clock.now(), dueMs, elapsed }));
  lateMs = 90;
  await clock.advance(20); // the tick at 20 sets a timer that comes at 130 instead of 40
  lateMs = 0;
  await clock.advance(160);
  expect(calls).toEqual([
    { atMs: 20, dueMs: 20, elapsed: 1 },
    { atMs: 130, dueMs: 100, elapsed: 4 },
    { atMs: 130, dueMs: 120, elapsed: 1 },
    { atMs: 140, dueMs: 140, elapsed: 1 },
    { atMs: 160, dueMs: 160, elapsed: 1 },
    { atMs: 180, dueMs: 180, elapsed: 1 },
  ]);
  const elapsed = calls.reduce((sum, call) => sum + call.elapsed, 0);
  expect(elapsed * 20).toBe(180);
});

test('one listener that throws does not silence the others', async () => {
  const clock = new FakeClock();
  const problems: unknown[] = [];
  const pacer = new Pacer(clock, (thrown) => problems.push(thrown));
  let ticks = 0;
  pacer.add(() => {
    throw new Error('broken');
  });
  pacer.add(() => (ticks += 1));
  await clock.advance(100);
  expect(ticks).toBe(5);
  expect(problems).toHaveLength(5);
});

test('stands still without listeners, and has one timer however they come and go', async () => {
  const clock = new FakeClock();
  const pacer = new Pacer(clock);
  let leave = pacer.add(() => {
    leave();
    leave = pacer.add(() => {});
  });
  await clock.advance(200);
  expect(clock.pending).toBe(1);
  leave();
  expect(clock.pending).toBe(0);
});

test('ticks in the middle of long work that asks it to, and the timer does not repeat it', async () => {
  const clock = new BusyClock();
  const pacer = new Pacer(clock);
  const atMs: number[] = [];
  pacer.keepTime();
  const leave = pacer.add(() => atMs.push(clock.now()));
  await clock.advance(20);
  clock.busyMs = 25;
  pacer.keepTime();
  pacer.keepTime();
  await clock.advance(15);
  expect(atMs).toEqual([20, 45, 60]);
  leave();
  pacer.keepTime();
  expect(clock.pending).toBe(0);
});
