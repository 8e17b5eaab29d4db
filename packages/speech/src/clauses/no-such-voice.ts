import { VoicebusError } from '@voicebus/core';

/** An agent's definition names a voice that its provider does not have. */
export function noSuchVoice(voice: string, voices: readonly string[]): VoicebusError {
  const message = `there is no voice "${voice}"; the voices are ${voices.join(', ')}`;
  return new VoicebusError('invalid-arguments', message, { data: { voice } });
}
