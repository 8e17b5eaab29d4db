import { FakeClock } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { IdleWatch } from './idle-watch.ts';

function setup() {
  const clock = new FakeClock();
  const seen: string[] = [];
  const state = { isBusy: false };
  const watch = new IdleWatch({
    clock,
    options: { callerIdleMs: 8_000, callerGoneMs: 30_000 },
    isBusy: () => state.isBusy,
    onIdle: () => seen.push('asked'),
    onGone: () => seen.push('gone'),
  });
  return { clock, seen, state, watch };
}

describe('a caller who says nothing', () => {
  it('is asked once after 8 s, and is gone 30 s after the question was spoken', async () => {
    const { clock, seen, watch } = setup();
    watch.theirTurn();
    await clock.advance(7_999);
    expect(seen).toEqual([]);
    await clock.advance(1);
    expect(seen).toEqual(['asked']);
    watch.notNow();
    await clock.advance(60_000);
    watch.theirTurn();
    await clock.advance(29_999);
    expect(seen).toEqual(['asked']);
    await clock.advance(1);
    expect(seen).toEqual(['asked', 'gone']);
  });

  it('starts anew with a word, not with a noise', async () => {
    const { clock, seen, watch } = setup();
    watch.theirTurn();
    await clock.advance(8_000);
    watch.theirTurn();
    await clock.advance(20_000);
    watch.theirTurn(); // a cough came to nothing
    await clock.advance(29_000);
    expect(seen).toEqual(['asked']);
    watch.heardFrom();
    watch.theirTurn();
    await clock.advance(8_000);
    expect(seen).toEqual(['asked', 'asked']);
  });

  it('is not asked while a tool works for them, or while they are muted', async () => {
    const { clock, seen, state, watch } = setup();
    state.isBusy = true;
    watch.theirTurn();
    await clock.advance(20_000);
    expect(seen).toEqual([]);
    state.isBusy = false;
    watch.mute(true);
    await clock.advance(60_000);
    expect(seen).toEqual([]);
    watch.mute(false);
    await clock.advance(8_000);
    expect(seen).toEqual(['asked']);
  });

  it('is not gone because this process stood still: what they said meanwhile is read first', async () => {
    const { clock, seen, watch } = setup();
    watch.theirTurn();
    await clock.advance(8_000);
    watch.theirTurn();
    clock.standStill(60_000);
    watch.heardFrom();
    await clock.advance(60_000);
    expect(seen).toEqual(['asked']);
  });
});
