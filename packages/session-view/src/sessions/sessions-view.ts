import type { SessionsDelta, SessionsSnapshot, SessionSummary } from '@voicebus/protocol';
import { applyChange, emptyTable, fromSnapshot, type LiveTable } from '../registry/live-table.ts';

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
