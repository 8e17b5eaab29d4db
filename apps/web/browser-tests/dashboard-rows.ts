import type { RunnerRecord, SessionSummary } from '@voicebus/protocol';

/** A runner as the registry shows it, a minute old. */
export const runner = (change: Partial<RunnerRecord> = {}): RunnerRecord => ({
  runner: 'agents-1',
  incarnation: 'a',
  role: 'agents',
  host: 'node-a',
  version: '0.1.0',
  state: 'ready',
  startedAtWallMs: Date.now() - 60_000,
  heartbeatWallMs: Date.now(),
  sessions: 1,
  capacity: 20,
  eventLoopLagMs: 2,
  errors: 0,
  workers: [
    {
      name: 'greeter',
      sessionId: null,
      bridged: true,
      active: true,
      parent: null,
      startedAtWallMs: Date.now() - 60_000,
    },
  ],
  ...change,
});

/** The same for all of one run: rows that began together keep the order in which they came. */
const halfAMinuteAgoMs = Date.now() - 30_000;

/** A live call with the support agent, half a minute old. */
export const session = (change: Partial<SessionSummary> = {}): SessionSummary => ({
  sessionId: 'session-1',
  owner: 'transport-1',
  startedAtWallMs: halfAMinuteAgoMs,
  endedAtWallMs: null,
  endReason: null,
  holder: 'support',
  epoch: 2,
  turns: 3,
  recentTurns: [],
  handoffs: 1,
  interruptions: 1,
  medianResponseMs: 1180,
  media: 'webrtc',
  ...change,
});
