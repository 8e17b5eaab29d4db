import { useSyncExternalStore } from 'react';
import type { VoiceSession } from '../session/voice-session.ts';
import { serverSnapshot, type VoiceSnapshot } from '../session/voice-snapshot.ts';

/** Everything about the call but transcript and levels. */
export function useVoiceSession(session: VoiceSession): VoiceSnapshot {
  return useSyncExternalStore(session.state.subscribe, session.state.get, () => serverSnapshot);
}
