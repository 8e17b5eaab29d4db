import type { SessionEvent } from '@voicebus/protocol';
import { useSyncExternalStore } from 'react';
import type { VoiceSession } from '../session/voice-session.ts';

/** The latest events of the call as they came, oldest first. */
export function useEvents(session: VoiceSession): readonly SessionEvent[] {
  return useSyncExternalStore(session.events.subscribe, session.events.get, () => noEvents);
}

const noEvents: readonly SessionEvent[] = [];
