import { expect, test } from 'vitest';
import { PageClock } from './page-clock.ts';

test('a page that said nothing yet has no time of ours', () => {
  expect(new PageClock().toOurs(5)).toBeNull();
});

test('the fastest ping counts', () => {
  const clock = new PageClock();
  clock.pinged(1_000, 51_090);
  clock.pinged(1_060, 51_070);
  clock.pinged(1_120, 51_700);
  expect(clock.toOurs(2_000)).toBe(52_010);
});

test('a page that was reloaded counts from zero again', () => {
  const clock = new PageClock();
  clock.pinged(60_000, 100_000);
  clock.pinged(400, 103_400);
  expect(clock.toOurs(1_000)).toBe(104_000);
});

test('a page whose clock jumped ahead is believed at once', () => {
  const clock = new PageClock();
  clock.pinged(1_000, 100_000);
  clock.pinged(50_000, 101_000);
  expect(clock.toOurs(50_000)).toBe(101_000);
});
