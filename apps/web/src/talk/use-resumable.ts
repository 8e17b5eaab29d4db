import type { ResumableCall, VoiceSnapshot } from '@voicebus/client';
import { useNow } from '@/use-now';

/** The call that may still be resumed, with how long; null once the server no longer waits for it. */
export function useResumable(
  snapshot: VoiceSnapshot,
): (ResumableCall & { readonly leftMs: number }) | null {
  const { resumable } = snapshot;
  const nowMs = useNow(resumable === null ? null : 1000);
  if (resumable === null || nowMs === 0) return null;
  const leftMs = resumable.untilWallMs - nowMs;
  return leftMs <= 0 ? null : { ...resumable, leftMs };
}
