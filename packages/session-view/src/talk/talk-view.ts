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
  /** Session's time of the last event, milliseconds: how long the call is so far. */
  readonly lastAtMs: number;
  readonly transcript: Transcript;
  readonly activity: AgentActivity;
  /** Times in a row that the bot was held for its own voice. */
  readonly selfInterruptions: number;
  /** There were two of them in a row; stays true for the rest of the call. */
  readonly mayHearItself: boolean;
  readonly ended: { readonly reason: EndReason; readonly detail: string | null } | null;
}

export const emptyTalkView: TalkView = {
  sequence: null,
  needsSnapshot: false,
  sessionId: null,
  startedAtWallMs: null,
  lastAtMs: 0,
  transcript: [],
  activity: initialActivity,
  selfInterruptions: 0,
  mayHearItself: false,
  ended: null,
};

/** One may be a cough; two in a row are a loudspeaker that the microphone hears. */
const selfInterruptionsInARow = 2;

function countSelfInterruptions(count: number, event: SessionEvent): number {
  switch (event.type) {
    case 'interruption':
      return event.verdict === 'resume' && event.isEcho === true ? count + 1 : 0;
    case 'transcript-interim':
    case 'transcript-final':
      // Somebody spoke, and was understood.
      return event.text === '' ? count : 0;
    default:
      return count;
  }
}

/** Events at or before the last sequence are repeats, as after a reconnect, and change nothing. */
export function foldTalk(view: TalkView, event: SessionEvent): TalkView {
  if (view.sequence !== null && event.sequence <= view.sequence) return view;
  const selfInterruptions = countSelfInterruptions(view.selfInterruptions, event);
  const gap = view.sequence !== null && event.sequence !== view.sequence + 1;
  return {
    sequence: event.sequence,
    needsSnapshot: view.needsSnapshot || gap,
    sessionId: event.sessionId,
    startedAtWallMs: event.type === 'session-started' ? event.wallMs : view.startedAtWallMs,
    lastAtMs: event.atMs,
    transcript: foldTranscript(view.transcript, event),
    activity: foldActivity(view.activity, event),
    selfInterruptions,
    mayHearItself: view.mayHearItself || selfInterruptions >= selfInterruptionsInARow,
    ended:
      event.type === 'session-ended'
        ? { reason: event.reason, detail: event.detail ?? null }
        : view.ended,
  };
}

export function foldTalkEvents(view: TalkView, events: readonly SessionEvent[]): TalkView {
  return events.reduce(foldTalk, view);
}
