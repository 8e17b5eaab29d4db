import {
  type AgentState,
  agentState,
  emptyTalkView,
  type TalkView,
  type Transcript,
} from '@voicebus/session-view';
import { useMemo, useSyncExternalStore } from 'react';
import type { VoiceSession } from '../session/voice-session.ts';

/** What was said and done, folded from the session's events. */
export function useTalk(session: VoiceSession): TalkView {
  return useSyncExternalStore(session.talk.subscribe, session.talk.get, () => emptyTalkView);
}

export function useTranscript(session: VoiceSession): Transcript {
  return useTalk(session).transcript;
}

/** Who holds the floor and what that agent does. */
export function useAgent(session: VoiceSession): {
  readonly name: string | null;
  readonly state: AgentState;
} {
  const { activity } = useTalk(session);
  return useMemo(() => ({ name: activity.holder, state: agentState(activity) }), [activity]);
}
