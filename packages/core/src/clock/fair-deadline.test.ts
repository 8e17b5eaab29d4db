import { FakeClock } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { fairDeadline } from './fair-deadline.ts';

function waiting(limitMs: number) {
  const clock = new FakeClock();
  const ruledMs: number[] = [];
  const stoodStillMs: number[] = [];
  const cancel = fairDeadline({
    clock,
    limitMs,
    rule: () => ruledMs.push(clock.now()),
    onStoodStill: (ms) => stoodStillMs.push(ms),
  });
  return { clock, ruledMs, stoodStillMs, cancel };
}

test('in a process that runs it is a deadline like any other', async () => {
  const { clock, ruledMs, stoodStillMs } = waiting(600);
  clock.standStill(610);
  expect(ruledMs).toEqual([610]);
  expect(stoodStillMs).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('what arrived while the process stood still is read before anything is ruled', async () => {
  const { clock, ruledMs, stoodStillMs, cancel } = waiting(600);
  await clock.advance(100);
  clock.standStill(15_000);
  expect(ruledMs).toEqual([]);
  expect(stoodStillMs).toEqual([14_500]);
  // The answer is read, and whoever waited cancels.
  await clock.advance(1);
  cancel();
  await clock.advance(60_000);
  expect(ruledMs).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('where nothing arrived, as much time is given as was lost, and no more than was given at first', async () => {
  for (const [lostMs, ruledAtMs] of [
    [50, 700],
    [15_000, 16_200],
  ] as const) {
    const { clock, ruledMs } = waiting(600);
    clock.standStill(600 + lostMs);
    await clock.advance(60_000);
    expect(ruledMs).toEqual([ruledAtMs]);
  }
});

test('a process that stands still again and again ends its waits all the same, and reads before each end', async () => {
  const { clock, ruledMs, stoodStillMs } = waiting(600);
  clock.standStill(1_000);
  for (let stalls = 1; stalls < 10 && ruledMs.length === 0; stalls += 1) clock.standStill(1_000);
  expect(ruledMs).toEqual([4_000]);
  expect(stoodStillMs).toHaveLength(3);
});
