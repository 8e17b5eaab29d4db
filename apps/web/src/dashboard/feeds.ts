import {
  registryDeltaSchema,
  registrySnapshotSchema,
  sessionEventSchema,
  sessionEventsSnapshotSchema,
  sessionsDeltaSchema,
  sessionsSnapshotSchema,
} from '@voicebus/protocol';
import {
  emptyRegistry,
  emptySessionDetail,
  emptySessions,
  foldRegistry,
  foldSession,
  foldSessionEvents,
  foldSessions,
  fromRegistrySnapshot,
  fromSessionsSnapshot,
  type RegistryView,
  type SessionDetail,
  type SessionsView,
} from '@voicebus/session-view';
import type { FeedFold } from './use-live-feed';

export const registryFeed: FeedFold<RegistryView> = {
  path: '/v1/registry',
  changeName: 'delta',
  empty: emptyRegistry,
  fromSnapshot: (data) => {
    const snapshot = registrySnapshotSchema.safeParse(data).data;
    return snapshot ? fromRegistrySnapshot(snapshot) : null;
  },
  change: (view, data) => {
    const delta = registryDeltaSchema.safeParse(data).data;
    return delta ? foldRegistry(view, delta) : view;
  },
  needsSnapshot: (view) => view.status === 'needs-snapshot',
};

export const sessionsFeed: FeedFold<SessionsView> = {
  path: '/v1/sessions',
  changeName: 'delta',
  empty: emptySessions,
  fromSnapshot: (data) => {
    const snapshot = sessionsSnapshotSchema.safeParse(data).data;
    return snapshot ? fromSessionsSnapshot(snapshot) : null;
  },
  change: (view, data) => {
    const delta = sessionsDeltaSchema.safeParse(data).data;
    return delta ? foldSessions(view, delta) : view;
  },
  needsSnapshot: (view) => view.status === 'needs-snapshot',
};

/** Null until the first snapshot: then the session is known. */
export function sessionFeed(sessionId: string): FeedFold<SessionDetail | null> {
  return {
    path: `/v1/sessions/${encodeURIComponent(sessionId)}/events`,
    changeName: 'event',
    empty: null,
    fromSnapshot: (data) => {
      const snapshot = sessionEventsSnapshotSchema.safeParse(data).data;
      return snapshot ? foldSessionEvents(emptySessionDetail, snapshot.events) : null;
    },
    change: (view, data) => {
      const event = sessionEventSchema.safeParse(data).data;
      return event && view ? foldSession(view, event) : view;
    },
    needsSnapshot: (view) => view?.talk.needsSnapshot === true,
  };
}
