import type { VoiceSession, VoiceSnapshot } from '@voicebus/client';
import { useEffect } from 'react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';

/** Held down, the microphone is open; let go, left or out of focus, it is closed. */
export function HoldToTalk({
  session,
  snapshot,
}: {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
}) {
  const release = () => session.press(false);
  useEffect(() => {
    const letGo = () => session.press(false);
    window.addEventListener('blur', letGo);
    return () => {
      window.removeEventListener('blur', letGo);
      letGo();
    };
  }, [session]);
  return (
    <Button
      kind={snapshot.pressed ? 'solid' : 'line'}
      aria-pressed={snapshot.pressed}
      className="min-h-14 touch-none"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        session.press(true);
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onBlur={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.repeat) session.press(true);
      }}
      onKeyUp={release}
    >
      {snapshot.pressed ? strings.talk.holding : strings.talk.hold}
    </Button>
  );
}
