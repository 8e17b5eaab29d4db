import type { VoiceSession } from '@voicebus/client';
import { useLevels } from '@voicebus/client/react';
import { useEffect, useRef } from 'react';
import { agentStyle } from '@/agents/agent-look';
import { drawVoiceLine, lookOf, VoiceWaves } from './voice-waves';

/**
 * One line between the caller (left) and the agent (right). A voice runs along it, from the one who
 * speaks to the one who listens. Driven by the real levels, and still when nobody speaks: then it is not
 * drawn again either, so that an open page takes no processor time.
 */
export function VoiceLine(props: { session: VoiceSession; agent: string | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const waves = useRef(new VoiceWaves());
  const still = useRef(false);
  /** The look of the picture that is there, if nothing moves in it. */
  const resting = useRef('');
  useEffect(() => {
    const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
    const follow = () => {
      still.current = reduced.matches;
    };
    follow();
    reduced.addEventListener('change', follow);
    return () => reduced.removeEventListener('change', follow);
  }, []);
  useEffect(() => {
    const line = canvas.current;
    const drawAnew = () => {
      resting.current = '';
    };
    line?.addEventListener('contextrestored', drawAnew);
    return () => line?.removeEventListener('contextrestored', drawAnew);
  }, []);
  useLevels(props.session, (levels, atMs) => {
    waves.current.add(levels, atMs);
    if (!canvas.current) return;
    const look = lookOf(canvas.current);
    const seen = Object.values(look).join(' ');
    if (waves.current.areStill && seen === resting.current) return;
    drawVoiceLine(canvas.current, waves.current, { atMs, still: still.current, look });
    resting.current = waves.current.areStill ? seen : '';
  });
  return (
    <canvas
      ref={canvas}
      aria-hidden
      style={agentStyle(props.agent)}
      className="h-20 w-full shrink-0 text-agent sm:h-24"
    />
  );
}
