import { expect, it } from 'vitest';
import { percentile } from './percentile.ts';

it('is one of the values, by nearest rank', () => {
  const values = [50, 15, 20, 35, 40];
  expect(percentile(values, 0.3)).toBe(20);
  expect(percentile(values, 0.5)).toBe(35);
  expect(percentile(values, 0.95)).toBe(50);
  expect(percentile(values, 0)).toBe(15);
});

it('is nothing without values, and the value of one', () => {
  expect(percentile([], 0.5)).toBeNull();
  expect(percentile([7], 0.95)).toBe(7);
});
