import type { SessionsDelta, SessionsSnapshot, SessionSummary } from '@voicebus/protocol';
import { applyChange, emptyTable, fromSnapshot, type LiveTable } from '../registry/live-table.ts';
import { median } from '../session/median.ts';

export type SessionsView = LiveTable<SessionSummary>;

export const emptySessions: SessionsView = emptyTable();

export function fromSessionsSnapshot(snapshot: SessionsSnapshot): SessionsView {
  return fromSnapshot(snapshot, snapshot.sessions);
}

export function foldSessions(view: SessionsView, delta: SessionsDelta): SessionsView {
  return applyChange(
    view,
    {
      sequence: delta.sequence,
      wallMs: delta.wallMs,
      put: delta.session,
      removeId: delta.removedSession,
    },
    (session) => session.sessionId,
  );
}

/** Live sessions first, then the ended ones; the newest of each first. */
export function sessionsByAge(view: SessionsView): readonly SessionSummary[] {
  return view.rows.toSorted(
    (one, other) =>
      Number(one.endedAtWallMs !== null) - Number(other.endedAtWallMs !== null) ||
      other.startedAtWallMs - one.startedAtWallMs,
  );
}

/** Numbers of the overview line. */
export interface SessionsOverview {
  readonly live: number;
  /** Live sessions whose floor nobody holds. */
  readonly waiting: number;
  readonly turns: number;
  readonly handoffs: number;
  readonly interruptions: number;
  /** Sessions that ended because something failed. */
  readonly failed: number;
  /** Median of the sessions' medians, with how many sessions it stands on. */
  readonly response: { readonly medianMs: number; readonly samples: number } | null;
}

export function overviewOf(view: SessionsView): SessionsOverview {
  const live = view.rows.filter((session) => session.endedAtWallMs === null);
  const sum = (pick: (session: SessionSummary) => number) =>
    view.rows.reduce((total, session) => total + pick(session), 0);
  const responses = view.rows.flatMap((session) => session.medianResponseMs ?? []);
  const medianMs = median(responses);
  return {
    live: live.length,
    waiting: live.filter((session) => session.holder === null).length,
    turns: sum((session) => session.turns),
    handoffs: sum((session) => session.handoffs),
    interruptions: sum((session) => session.interruptions),
    failed: view.rows.filter((session) => session.endReason === 'failed').length,
    response: medianMs === null ? null : { medianMs, samples: responses.length },
  };
}
