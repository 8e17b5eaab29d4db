import type { Playback } from './playback.ts';

/**
 * `window.voicebus.playback`, in every build: what tests and people's own monitoring read.
 * `level()` is the root mean square (0–1) of what leaves the loudspeaker now, after any local stop;
 * `position()` the RTP timestamp (48 kHz) of the packet that is played, or null before the first.
 */
export interface PublishedPlayback {
  level(): number;
  position(): number | null;
}

declare global {
  interface Window {
    voicebus?: { playback: PublishedPlayback };
  }
}

export function publishPlayback(current: () => Pick<Playback, 'level' | 'position'> | null): void {
  if (typeof window === 'undefined') return;
  window.voicebus = {
    playback: {
      level: () => current()?.level() ?? 0,
      position: () => current()?.position() ?? null,
    },
  };
}
