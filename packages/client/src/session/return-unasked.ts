import type { PageAudio } from './page-audio.ts';
import type { ResumableCall } from './voice-snapshot.ts';

/** A context that may run without a click starts within this time. */
const contextStartMs = 300;

/**
 * Whether a reloaded page may go on with its call by itself: a text call always; a voice call when
 * neither the microphone nor the sound waits for a click of the caller.
 */
export async function mayReturnUnasked(
  call: Pick<ResumableCall, 'audio'>,
  pageAudio: Pick<PageAudio, 'context'>,
): Promise<boolean> {
  if (!call.audio) return true;
  try {
    const { state } = await navigator.permissions.query({ name: 'microphone' });
    return state === 'granted' && (await isRunning(await pageAudio.context()));
  } catch {
    // Not every browser can be asked about the microphone.
    return false;
  }
}

async function isRunning(context: AudioContext): Promise<boolean> {
  const waited = new Promise<void>((resolve) => setTimeout(resolve, contextStartMs));
  await Promise.race([context.resume(), waited]);
  return context.state === 'running';
}
