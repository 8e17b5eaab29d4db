import { createVoiceSession, type VoiceSession } from '@voicebus/client';
import { loadConfig } from '@/config/use-config';

let session: VoiceSession | null = null;

/**
 * The caller's session: one for the life of the page, so that a call goes on while its caller looks at
 * the dashboard. A server makes one per rendering, which never calls.
 */
export function talkSession(): VoiceSession {
  if (typeof window === 'undefined') return create();
  session ??= create();
  return session;
}

function create(): VoiceSession {
  return createVoiceSession({ transportUrls: async () => (await loadConfig()).transportUrls });
}
