import type { SessionSummary } from '@voicebus/protocol';
import { describe, expect, it } from 'vitest';
import { foldSessions, fromSessionsSnapshot, sessionsByAge } from './sessions-view.ts';

const session = (sessionId: string, change: Partial<SessionSummary> = {}): SessionSummary => ({
  sessionId,
  owner: 'transport-1',
  startedAtWallMs: 1,
  endedAtWallMs: null,
  endReason: null,
  holder: 'greeter',
  epoch: 1,
  turns: 2,
  recentTurns: [],
  handoffs: 0,
  interruptions: 1,
  medianResponseMs: null,
  media: 'webrtc',
  ...change,
});

describe('the sessions', () => {
  const view = fromSessionsSnapshot({
    sequence: 1,
    wallMs: 1,
    sessions: [
      session('old', { endedAtWallMs: 9, endReason: 'failed', medianResponseMs: 900 }),
      session('one', { startedAtWallMs: 5, holder: null, medianResponseMs: 1100 }),
      session('two', { startedAtWallMs: 7 }),
    ],
  });

  it('come live first, newest first', () => {
    expect(sessionsByAge(view).map((row) => row.sessionId)).toEqual(['two', 'one', 'old']);
  });

  it('change by delta', () => {
    const changed = foldSessions(view, {
      sequence: 2,
      wallMs: 2,
      session: session('two', { turns: 3 }),
    });
    expect(changed.rows[2]?.turns).toBe(3);
  });
});
