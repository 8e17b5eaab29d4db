import type { RunnerRecord } from '@voicebus/protocol';
import { describe, expect, it } from 'vitest';
import {
  emptyRegistry,
  foldRegistry,
  fromRegistrySnapshot,
  runnersByUrgency,
  workerRows,
} from './registry-view.ts';

const runner = (name: string, change: Partial<RunnerRecord> = {}): RunnerRecord => ({
  runner: name,
  incarnation: `${name}-1`,
  role: 'agent',
  host: 'host',
  version: '0.1.0',
  state: 'ready',
  startedAtWallMs: 1,
  heartbeatWallMs: 1,
  sessions: 0,
  capacity: 10,
  eventLoopLagMs: 1,
  errors: 0,
  workers: [],
  ...change,
});
const snapshot = { sequence: 4, wallMs: 100, runners: [runner('greeter')] };

describe('the registry', () => {
  it('waits for the snapshot', () => {
    const view = foldRegistry(emptyRegistry, { sequence: 1, wallMs: 1, runner: runner('a') });
    expect(view).toBe(emptyRegistry);
  });

  it('adds, changes and removes rows', () => {
    const started = fromRegistrySnapshot(snapshot);
    const added = foldRegistry(started, { sequence: 5, wallMs: 101, runner: runner('support') });
    const changed = foldRegistry(added, {
      sequence: 6,
      wallMs: 102,
      runner: runner('greeter', { state: 'lost' }),
    });
    const removed = foldRegistry(changed, { sequence: 7, wallMs: 103, removedRunner: 'support-1' });
    expect(added.rows.map((row) => row.runner)).toEqual(['greeter', 'support']);
    expect(changed.rows[0]?.state).toBe('lost');
    expect(removed).toMatchObject({ status: 'live', sequence: 7, wallMs: 103 });
    expect(removed.rows).toHaveLength(1);
    expect(started.rows).toHaveLength(1);
  });

  it('ignores what it has and asks for a snapshot after a gap', () => {
    const view = fromRegistrySnapshot(snapshot);
    expect(foldRegistry(view, { sequence: 4, wallMs: 1, removedRunner: 'greeter-1' })).toBe(view);
    const gap = foldRegistry(view, { sequence: 6, wallMs: 1, removedRunner: 'greeter-1' });
    expect(gap).toMatchObject({ status: 'needs-snapshot', rows: [{ runner: 'greeter' }] });
    expect(foldRegistry(gap, { sequence: 7, wallMs: 1, removedRunner: 'greeter-1' })).toBe(gap);
    expect(fromRegistrySnapshot(snapshot).status).toBe('live');
  });

  it('lists workers with their runner while it lives, and troubled runners first', () => {
    const worker = {
      name: 'greeter',
      sessionId: null,
      bridged: true,
      active: true,
      parent: null,
      startedAtWallMs: 1,
    };
    const view = fromRegistrySnapshot({
      ...snapshot,
      runners: [
        runner('a', { workers: [worker] }),
        runner('b', { state: 'lost', workers: [worker] }),
      ],
    });
    expect(workerRows(view)).toMatchObject([{ key: 'a-1/greeter/', runner: { runner: 'a' } }]);
    expect(runnersByUrgency(view).map((row) => row.runner)).toEqual(['b', 'a']);
  });
});
