import { describe, expect, it } from 'vitest';
import { type GateEvent, type GateState, nextGate, verdictDeadlineMs } from './playback-gate.ts';

const open: GateState = { kind: 'open' };
const held: GateState = { kind: 'held', holdId: 'h', deadlineMs: 1000 + verdictDeadlineMs };
const stopped = (after: number, spurt: number | null = null): GateState => ({
  kind: 'stopped',
  afterRtpTimestamp: after,
  spurtRtpTimestamp: spurt,
});
const step = (state: GateState, event: GateEvent, nowMs = 1000): GateState =>
  nextGate(state, event, { nowMs, playedRtpTimestamp: 500 });

describe('an open gate', () => {
  it('is held by speech', () => {
    expect(step(open, { type: 'speech', holdId: 'h', playedRtpTimestamp: 500 })).toEqual(held);
  });

  it('is stopped at once by the caller', () => {
    expect(step(open, { type: 'stop', rtpTimestamp: 700 })).toEqual(stopped(700));
  });

  it('does not care about anything else', () => {
    const others: GateEvent[] = [
      { type: 'verdict', holdId: 'h', verdict: 'interrupt' },
      { type: 'spurt', rtpTimestamp: 1 },
      { type: 'bot-speaks' },
      { type: 'played', rtpTimestamp: 1 },
      { type: 'tick' },
    ];
    for (const event of others) expect(step(open, event)).toBe(open);
  });
});

describe('a held gate', () => {
  it('opens on a false alarm', () => {
    expect(step(held, { type: 'verdict', holdId: 'h', verdict: 'resume' })).toEqual(open);
  });

  it('opens without a verdict after 1.2 s and not before', () => {
    expect(step(held, { type: 'tick' }, 1000 + verdictDeadlineMs - 1)).toBe(held);
    expect(step(held, { type: 'tick' }, 1000 + verdictDeadlineMs)).toEqual(open);
  });

  it('stays silent on an interruption', () => {
    const after = step(held, { type: 'verdict', holdId: 'h', verdict: 'interrupt' });
    expect(after).toEqual(stopped(500));
    expect(step(after, { type: 'tick' }, 99_000)).toBe(after);
  });

  it('does not take the verdict of another hold', () => {
    expect(step(held, { type: 'verdict', holdId: 'old', verdict: 'resume' })).toBe(held);
  });

  it('is stopped by the server', () => {
    expect(step(held, { type: 'stop', rtpTimestamp: 900 })).toEqual(stopped(900));
  });
});

describe('a stopped gate', () => {
  it('opens with the first packet of a later spurt, not with what is left of the old one', () => {
    const announced = step(stopped(1000), { type: 'spurt', rtpTimestamp: 5000 });
    expect(announced).toEqual(stopped(1000, 5000));
    expect(step(announced, { type: 'played', rtpTimestamp: 4999 })).toBe(announced);
    expect(step(announced, { type: 'played', rtpTimestamp: 5000 })).toEqual(open);
  });

  it('does not open for a spurt from before the stop', () => {
    expect(step(stopped(1000), { type: 'spurt', rtpTimestamp: 900 })).toEqual(stopped(1000));
  });

  it('opens when the timestamps wrap', () => {
    const announced = step(stopped(0xffff_ff00), { type: 'spurt', rtpTimestamp: 960 });
    expect(announced).toEqual(stopped(0xffff_ff00, 960));
    expect(step(announced, { type: 'played', rtpTimestamp: 0xffff_ffff })).toBe(announced);
    expect(step(announced, { type: 'played', rtpTimestamp: 961 })).toEqual(open);
  });

  it('opens when only the reliable channel says that the bot speaks', () => {
    const speaks = step(stopped(1000), { type: 'bot-speaks' });
    expect(step(speaks, { type: 'played', rtpTimestamp: 1000 + 9599 })).toBe(speaks);
    expect(step(speaks, { type: 'played', rtpTimestamp: 1000 + 9600 })).toEqual(open);
  });

  it('moves on with a later stop, and keeps the spurt that comes after it', () => {
    expect(step(stopped(1000, 5000), { type: 'stop', rtpTimestamp: 4000 })).toEqual(
      stopped(4000, 5000),
    );
    expect(step(stopped(1000, 5000), { type: 'stop', rtpTimestamp: 6000 })).toEqual(stopped(6000));
    expect(step(stopped(1000), { type: 'stop', rtpTimestamp: 900 })).toEqual(stopped(1000));
  });
});
