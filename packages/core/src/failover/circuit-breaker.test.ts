import { describe, expect, it } from 'vitest';
import {
  admits,
  closedCircuit,
  defaultCircuitOptions as options,
  onAbandoned,
  onAttempt,
  onFailure,
  onSuccess,
  type Circuit,
} from './circuit-breaker.ts';

const unwell = { health: 'unwell', retryAfterMs: null } as const;
const refused = { health: 'refused', retryAfterMs: null } as const;
const open = (untilMs: number, openings = 1): Circuit => ({ type: 'open', untilMs, openings });

describe('a closed circuit', () => {
  it('forgives one failure, and forgets it after a success', () => {
    const once = onFailure(closedCircuit, unwell, { nowMs: 0, options });
    expect(once).toEqual({ type: 'closed', failures: 1 });
    expect(admits(once, 0)).toBe(true);
    expect(onSuccess()).toEqual(closedCircuit);
    expect(onAttempt(once, 0, options)).toBe(once);
    expect(onAbandoned(once, 0)).toBe(once);
  });

  it('opens at the second failure in a row', () => {
    const once = onFailure(closedCircuit, unwell, { nowMs: 0, options });
    expect(onFailure(once, unwell, { nowMs: 100, options })).toEqual(open(5_100));
  });

  it('opens at once where the service asks for time, and for as long', () => {
    const failure = { health: 'unwell', retryAfterMs: 20_000 } as const;
    expect(onFailure(closedCircuit, failure, { nowMs: 0, options })).toEqual(open(20_000));
  });

  it('opens at once, for long, where a person has to change something', () => {
    expect(onFailure(closedCircuit, refused, { nowMs: 0, options })).toEqual(open(300_000));
  });
});

describe('an open circuit', () => {
  it('admits nobody until its time is over, then one', () => {
    expect(admits(open(5_000), 4_999)).toBe(false);
    expect(admits(open(5_000), 5_000)).toBe(true);
    const trial = onAttempt(open(5_000), 5_000, options);
    expect(trial).toEqual({ type: 'half-open', trialUntilMs: 20_000, openings: 1 });
    expect(admits(trial, 19_999)).toBe(false);
  });

  it('is not kept open by what was under way before', () => {
    expect(onFailure(open(5_000), unwell, { nowMs: 0, options })).toEqual(open(5_000));
  });
});

describe('a trial', () => {
  const trial: Circuit = { type: 'half-open', trialUntilMs: 20_000, openings: 1 };

  it('that fails leaves it open for twice as long, up to a minute', () => {
    expect(onFailure(trial, unwell, { nowMs: 0, options })).toEqual(open(10_000, 2));
    const late: Circuit = { ...trial, openings: 9 };
    expect(onFailure(late, unwell, { nowMs: 0, options })).toEqual(open(60_000, 10));
  });

  it('that nobody waited for leaves the place to the next one', () => {
    const left = onAbandoned(trial, 7_000);
    expect(left).toEqual(open(7_000));
    expect(admits(left, 7_000)).toBe(true);
  });

  it('without an outcome is forgotten', () => {
    expect(admits(trial, 20_000)).toBe(true);
  });
});
