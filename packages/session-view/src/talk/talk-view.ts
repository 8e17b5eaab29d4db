import type { EndReason, SessionEvent } from '@voicebus/protocol';
import { type AgentActivity, foldActivity, initialActivity } from './agent-state.ts';
import { foldTranscript, type Transcript } from './transcript.ts';

/** Everything that the talk page shows of a session, folded from its events. */
export interface TalkView {
  /** Sequence of the last event folded; null before the first. */
  readonly sequence: number | null;
  /** True after a gap: what is shown may miss something until everything is sent again. */
  readonly needsSnapshot: boolean;
  readonly sessionId: string | null;
  readonly startedAtWallMs: number | null;
  readonly transcript: Transcript;
  readonly activity: AgentActivity;
  readonly ended: { readonly reason: EndReason; readonly detail: string | null } | null;
}

export const emptyTalkView: TalkView = {
  sequence: null,
  needsSnapshot: false,
  sessionId: null,
  startedAtWallMs: null,
  transcript: [],
  activity: initialActivity,
  ended: null,
};

/** Events at or before the last sequence are repeats, as after a reconnect, and change nothing. */
export function foldTalk(view: TalkView, event: SessionEvent): TalkView {
  if (view.sequence !== null && event.sequence <= view.sequence) return view;
  const gap = view.sequence !== null && event.sequence !== view.sequence + 1;
  return {
    sequence: event.sequence,
    needsSnapshot: view.needsSnapshot || gap,
    sessionId: event.sessionId,
    startedAtWallMs: event.type === 'session-started' ? event.wallMs : view.startedAtWallMs,
    transcript: foldTranscript(view.transcript, event),
    activity: foldActivity(view.activity, event),
    ended:
      event.type === 'session-ended'
        ? { reason: event.reason, detail: event.detail ?? null }
        : view.ended,
  };
}

export function foldTalkEvents(view: TalkView, events: readonly SessionEvent[]): TalkView {
  return events.reduce(foldTalk, view);
}
