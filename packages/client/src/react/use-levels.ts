import { useEffect, useRef } from 'react';
import type { Levels, VoiceSession } from '../session/voice-session.ts';

/**
 * Calls back with the levels once per picture, without rendering anything: a level changes 60 times a
 * second, and only a canvas or a style needs to follow.
 */
export function useLevels(
  session: VoiceSession,
  onLevels: (levels: Levels, atMs: number) => void,
  active = true,
): void {
  const latest = useRef(onLevels);
  useEffect(() => {
    latest.current = onLevels;
  });
  useEffect(() => {
    if (!active) return;
    let frame = 0;
    const tick = (atMs: number) => {
      latest.current(session.levels(), atMs);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [session, active]);
}
