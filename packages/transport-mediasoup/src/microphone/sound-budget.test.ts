import { expect, test } from 'vitest';
import { SoundBudget } from './sound-budget.ts';

test('a microphone never runs out of it, not even one whose clock is a little fast', () => {
  const budget = new SoundBudget(0);
  for (let nowMs = 0; nowMs < 3_600_000; nowMs += 20) {
    expect(budget.hasLeft(nowMs)).toBe(true);
    budget.use(20.2);
  }
});

test('what was said while the network stood still is heard', () => {
  const budget = new SoundBudget(0);
  for (let packets = 0; packets < 9_000 / 20; packets += 1) {
    expect(budget.hasLeft(9_000)).toBe(true);
    budget.use(20);
  }
});

test('more than time allows is refused until time has gone by', () => {
  const budget = new SoundBudget(0);
  for (; budget.hasLeft(0);) budget.use(2_000);
  expect(budget.hasLeft(0)).toBe(false);
  expect(budget.hasLeft(100)).toBe(true);
});
