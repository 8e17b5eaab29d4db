import { VoicebusError } from '../errors/voicebus-error.ts';

/** Why nothing is begun in a call that is over. */
export function sessionEnded(): VoicebusError {
  return new VoicebusError('session-ended', 'The session is over.');
}
