import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ClockOffset, ClockSync } from './clock-sync.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('the clock', () => {
  it('takes the fastest of eight pings, and asks again after 30 s', () => {
    let nowMs = 0;
    const sent: number[] = [];
    const offsets: ClockOffset[] = [];
    const sync = new ClockSync({
      now: () => nowMs,
      send: (clientMs) => sent.push(clientMs),
      onOffset: (offset) => offsets.push(offset),
    });
    sync.start();
    for (const roundTripMs of [40, 8, 20]) {
      const clientMs = nowMs;
      nowMs += roundTripMs;
      // The server is 1000 ms ahead, and the way back took all of the time.
      sync.pong(clientMs, clientMs + 1000);
    }
    expect(offsets).toEqual([
      { offsetMs: 980, uncertaintyMs: 20 },
      { offsetMs: 996, uncertaintyMs: 4 },
    ]);
    vi.advanceTimersByTime(7 * 60);
    expect(sent).toHaveLength(8);
    vi.advanceTimersByTime(30_000);
    expect(sent.length).toBeGreaterThan(8);
    sync.stop();
    const count = sent.length;
    vi.advanceTimersByTime(120_000);
    expect(sent).toHaveLength(count);
  });
});
