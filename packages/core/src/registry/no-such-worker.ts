import { VoicebusError } from '../errors/voicebus-error.ts';

export function noSuchWorker(name: string): VoicebusError {
  return new VoicebusError('no-such-worker', `No worker named ${name} is ready.`, {
    isRetryable: true,
    data: { worker: name },
  });
}
