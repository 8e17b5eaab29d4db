import type { RunnerRecord, SessionSummary } from '@voicebus/protocol';
import { describe, expect, it } from 'vitest';
import { emptyRegistry, fromRegistrySnapshot } from '../registry/registry-view.ts';
import { attention } from './attention.ts';
import { overviewOf, sessionsBehind, type SessionsFilter } from './overview.ts';
import { fromSessionsSnapshot } from './sessions-view.ts';

const nowMs = 10_000_000;
const minute = 60_000;

const turn = (agoMs: number, responseMs: number | null = null) => ({
  turnId: `t-${agoMs}`,
  atWallMs: nowMs - agoMs,
  responseMs,
});
const session = (sessionId: string, change: Partial<SessionSummary> = {}): SessionSummary => ({
  sessionId,
  owner: 'transport-1',
  startedAtWallMs: nowMs - minute,
  endedAtWallMs: null,
  endReason: null,
  holder: 'greeter',
  epoch: 1,
  turns: 2,
  recentTurns: [],
  handoffs: 0,
  interruptions: 0,
  medianResponseMs: null,
  media: 'webrtc',
  ...change,
});
const sessions = (...rows: SessionSummary[]) =>
  fromSessionsSnapshot({ sequence: 1, wallMs: nowMs, sessions: rows });

const view = sessions(
  session('busy', {
    recentTurns: [turn(20 * minute, 9000), turn(2 * minute, 800), turn(30_000, 1200), turn(5000)],
    interruptions: 2,
  }),
  session('slow', { recentTurns: [turn(3 * minute, 4000)], handoffs: 1 }),
  session('waiting', { holder: null, epoch: 0 }),
  session('never', { holder: null, epoch: 0, endedAtWallMs: nowMs, endReason: 'caller-left' }),
  session('broken', { holder: null, endedAtWallMs: nowMs, endReason: 'failed' }),
);

describe('the overview', () => {
  it('adds the sessions up, with rates and percentiles of now', () => {
    expect(overviewOf(view, nowMs)).toEqual({
      live: 3,
      waiting: 1,
      turnsPerMinute: 2,
      handoffs: 1,
      interruptions: 2,
      failedStarts: 1,
      failed: 1,
      response: { p50Ms: 1200, p95Ms: 4000, samples: 3 },
    });
  });

  it('has no percentile of nothing', () => {
    expect(overviewOf(sessions(), nowMs)).toMatchObject({ live: 0, response: null });
  });

  const behind: readonly (readonly [SessionsFilter, readonly string[]])[] = [
    ['all', ['busy', 'slow', 'waiting', 'never', 'broken']],
    ['live', ['busy', 'slow', 'waiting']],
    ['waiting', ['waiting']],
    ['talking', ['busy']],
    ['slowest', ['slow', 'busy']],
    ['handed-over', ['slow']],
    ['interrupted', ['busy']],
    ['failed-starts', ['never']],
    ['failed', ['broken']],
  ];
  it.each(behind)('opens the list behind a number: %s', (filter, expected) => {
    expect(sessionsBehind(view, filter, nowMs).map(({ sessionId }) => sessionId)).toEqual(expected);
  });
});

describe('attention', () => {
  const runner = (name: string, change: Partial<RunnerRecord>): RunnerRecord => ({
    runner: name,
    incarnation: name,
    role: 'agents',
    host: 'h',
    version: '1',
    state: 'ready',
    startedAtWallMs: 0,
    heartbeatWallMs: nowMs,
    sessions: 0,
    capacity: 10,
    eventLoopLagMs: 1,
    errors: 0,
    workers: [],
    ...change,
  });
  const registry = (...runners: RunnerRecord[]) =>
    fromRegistrySnapshot({ sequence: 1, wallMs: nowMs, runners });

  it('is on what is worst first', () => {
    const runners = registry(
      runner('late', { eventLoopLagMs: 80 }),
      runner('gone', { state: 'lost', heartbeatWallMs: nowMs - 4000, eventLoopLagMs: 80 }),
      runner('well', {}),
      runner('dead', { state: 'failed' }),
    );
    expect(attention({ registry: runners, sessions: view }, nowMs)).toEqual([
      { kind: 'runner-lost', runner: 'gone', silentMs: 4000 },
      { kind: 'runner-failed', runner: 'dead' },
      { kind: 'waiting', sessions: 1 },
      { kind: 'loop-lag', runner: 'late', lagMs: 80 },
    ]);
  });

  it('is on slow answers once they are enough to judge', () => {
    const slow = (count: number) =>
      sessions(
        session('s', { recentTurns: Array.from({ length: count }, (_, at) => turn(at, 2500)) }),
      );
    const of = (count: number) =>
      attention({ registry: emptyRegistry, sessions: slow(count) }, nowMs);
    expect(of(19)).toEqual([]);
    expect(of(20)).toEqual([{ kind: 'slow', p95Ms: 2500, samples: 20 }]);
  });

  it('is on nothing when all is well', () => {
    expect(
      attention({ registry: registry(runner('well', {})), sessions: sessions() }, nowMs),
    ).toEqual([]);
  });
});
