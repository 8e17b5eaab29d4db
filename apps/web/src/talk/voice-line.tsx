import type { VoiceSession } from '@voicebus/client';
import { useLevels } from '@voicebus/client/react';
import { useEffect, useRef } from 'react';
import { agentStyle } from '@/agents/agent-look';
import { drawVoiceLine, VoiceWaves } from './voice-waves';

/**
 * One line between the caller (left) and the agent (right). A voice runs along it, from the one who
 * speaks to the one who listens. Driven by the real levels, and still when nobody speaks.
 */
export function VoiceLine(props: { session: VoiceSession; agent: string | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const waves = useRef(new VoiceWaves());
  const still = useRef(false);
  useEffect(() => {
    const reduced = window.matchMedia('(prefers-reduced-motion: reduce)');
    const follow = () => {
      still.current = reduced.matches;
    };
    follow();
    reduced.addEventListener('change', follow);
    return () => reduced.removeEventListener('change', follow);
  }, []);
  useLevels(props.session, (levels, atMs) => {
    waves.current.add(levels, atMs);
    if (canvas.current)
      drawVoiceLine(canvas.current, waves.current, { atMs, still: still.current });
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
