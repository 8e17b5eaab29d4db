import type { SessionSummary } from '@voicebus/protocol';
import { percentile } from '../session/percentile.ts';
import { sessionsByAge, type SessionsView } from './sessions-view.ts';

/** A rate is that of the last minute. */
const rateMs = 60_000;
/** Percentiles are those of the last quarter of an hour: new enough to act on, enough to count. */
const recentMs = 15 * 60_000;

/** Numbers of the overview; `nowWallMs` is the clock of whoever looks. */
export interface SessionsOverview {
  readonly live: number;
  /** Live sessions whose floor nobody holds. */
  readonly waiting: number;
  readonly turnsPerMinute: number;
  readonly handoffs: number;
  readonly interruptions: number;
  /** Sessions that ended before any agent took them. */
  readonly failedStarts: number;
  /** Sessions that ended because something failed. */
  readonly failed: number;
  /** At the ear, of the last 15 minutes; null without any. */
  readonly response: {
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly samples: number;
  } | null;
}

export function overviewOf(view: SessionsView, nowWallMs: number): SessionsOverview {
  const count = (filter: SessionsFilter) => view.rows.filter(shows[filter](nowWallMs)).length;
  const sum = (pick: (session: SessionSummary) => number) =>
    view.rows.reduce((total, session) => total + pick(session), 0);
  const responses = view.rows.flatMap((session) => recentResponses(session, nowWallMs));
  const [p50Ms, p95Ms] = [percentile(responses, 0.5), percentile(responses, 0.95)];
  return {
    live: count('live'),
    waiting: count('waiting'),
    turnsPerMinute: sum((session) => turnsSince(session, nowWallMs - rateMs)),
    handoffs: sum((session) => session.handoffs),
    interruptions: sum((session) => session.interruptions),
    failedStarts: count('failed-starts'),
    failed: count('failed'),
    response: p50Ms === null || p95Ms === null ? null : { p50Ms, p95Ms, samples: responses.length },
  };
}

/** Which sessions a number of the overview stands for. */
export const sessionsFilters = [
  'all',
  'live',
  'waiting',
  'talking',
  'slowest',
  'handed-over',
  'interrupted',
  'failed-starts',
  'failed',
] as const;
export type SessionsFilter = (typeof sessionsFilters)[number];

type Shows = (nowWallMs: number) => (session: SessionSummary) => boolean;

const shows: Readonly<Record<SessionsFilter, Shows>> = {
  all: () => () => true,
  live: () => (session) => session.endedAtWallMs === null,
  waiting: () => (session) => session.endedAtWallMs === null && session.holder === null,
  talking: (nowWallMs) => (session) => turnsSince(session, nowWallMs - rateMs) > 0,
  slowest: (nowWallMs) => (session) => recentResponses(session, nowWallMs).length > 0,
  'handed-over': () => (session) => session.handoffs > 0,
  interrupted: () => (session) => session.interruptions > 0,
  // The first agent takes the floor under epoch 1.
  'failed-starts': () => (session) => session.endedAtWallMs !== null && session.epoch === 0,
  failed: () => (session) => session.endReason === 'failed',
};

/** The list behind a number: by age, the slowest responses by what they took. */
export function sessionsBehind(
  view: SessionsView,
  filter: SessionsFilter,
  nowWallMs: number,
): readonly SessionSummary[] {
  const rows = sessionsByAge(view).filter(shows[filter](nowWallMs));
  if (filter !== 'slowest') return rows;
  const slowest = (session: SessionSummary) => Math.max(...recentResponses(session, nowWallMs));
  return rows.toSorted((one, other) => slowest(other) - slowest(one));
}

function turnsSince(session: SessionSummary, wallMs: number): number {
  return session.recentTurns.filter(({ atWallMs }) => atWallMs > wallMs).length;
}

function recentResponses(session: SessionSummary, nowWallMs: number): readonly number[] {
  return session.recentTurns.flatMap(({ atWallMs, responseMs }) =>
    responseMs !== null && atWallMs > nowWallMs - recentMs ? responseMs : [],
  );
}
