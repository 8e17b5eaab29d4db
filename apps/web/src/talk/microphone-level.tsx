import type { VoiceSession } from '@voicebus/client';
import { useLevels } from '@voicebus/client/react';
import { useRef } from 'react';
import { loudness } from './loudness';

/** Three small bars that follow the microphone: proof that it hears something. */
export function MicrophoneLevel({ session }: { session: VoiceSession }) {
  const box = useRef<HTMLSpanElement>(null);
  useLevels(session, ({ microphone }) => {
    box.current?.style.setProperty('--level', loudness(microphone).toFixed(2));
  });
  return (
    <span ref={box} aria-hidden className="flex h-4 items-center gap-[3px] text-current">
      {[0.6, 1, 0.75].map((share) => (
        <span
          key={share}
          className="h-full w-[3px] rounded-full bg-current"
          style={{ transform: `scaleY(calc(0.2 + ${share} * 0.8 * var(--level, 0)))` }}
        />
      ))}
    </span>
  );
}
