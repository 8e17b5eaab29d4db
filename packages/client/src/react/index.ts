export { useEvents } from './use-events.ts';
export { useLevels } from './use-levels.ts';
export { useAgent, useTalk, useTranscript } from './use-talk.ts';
export { useVoiceSession } from './use-voice-session.ts';
