import { expect, it } from 'vitest';
import { Newest } from './newest.ts';

const frame = (sequence: number, wallMs: number) => ({
  sessionId: 'session',
  sequence,
  wallMs,
  sampleRate: 24_000,
  pcm: Buffer.alloc(0),
});

it('takes what is newer than the last, also from a sender that begins anew', () => {
  const newest = new Newest(200);
  expect(newest.takes(frame(5, 1_000), 1_010)).toBe(true);
  expect(newest.takes(frame(6, 1_000), 1_011)).toBe(true);
  expect(newest.takes(frame(6, 1_000), 1_012)).toBe(false);
  expect(newest.takes(frame(4, 980), 1_013)).toBe(false);
  expect(newest.takes(frame(1, 1_020), 1_030)).toBe(true);
});

it('drops what is 200 ms later than the fastest, whatever the clocks of the two machines say', () => {
  const newest = new Newest(200);
  const ahead = 3_600_000;
  expect(newest.takes(frame(1, 1_000 + ahead), 1_010)).toBe(true);
  expect(newest.takes(frame(2, 1_020 + ahead), 1_225)).toBe(true);
  expect(newest.takes(frame(3, 1_040 + ahead), 1_300)).toBe(false);
  expect(newest.takes(frame(4, 1_290 + ahead), 1_301)).toBe(true);
});

it('forgets a fastest way that is not there any more, after a while', () => {
  const newest = new Newest(200);
  expect(newest.takes(frame(1, 0), 0)).toBe(true);
  let taken = 0;
  for (let sequence = 2; sequence < 2_000; sequence += 1)
    if (newest.takes(frame(sequence, sequence * 20), sequence * 20 + 300)) taken += 1;
  expect(taken).toBeGreaterThan(900);
});
