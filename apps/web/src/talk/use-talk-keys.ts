import { isInCall, type VoiceSession } from '@voicebus/client';
import { useEffect, useRef } from 'react';

/** M mutes, T is held to talk, Esc stops the bot, ? shows the keys. Fields keep their keys. */
export function useTalkKeys(session: VoiceSession, onHelp: () => void): void {
  const help = useRef(onHelp);
  useEffect(() => {
    help.current = onHelp;
  });
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const inCall = isInCall(session.state.get().connection);
      // A dialog closes with Esc; the bot is not meant then.
      if (event.key === 'Escape' && inCall && !isIn(event, '[role=dialog]')) {
        session.interrupt();
        return;
      }
      if (isIn(event, 'input, textarea, select, [contenteditable]')) return;
      const key = event.key.toLowerCase();
      if (key === '?') help.current();
      if (!inCall) return;
      if (key === 'm') session.setMuted(!session.state.get().muted);
      if (key === 't') session.press(true);
    };
    const up = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 't') session.press(false);
    };
    window.addEventListener('keydown', down);
    window.addEventListener('keyup', up);
    return () => {
      window.removeEventListener('keydown', down);
      window.removeEventListener('keyup', up);
    };
  }, [session]);
}

function isIn(event: Event, selector: string): boolean {
  return event.target instanceof Element && event.target.closest(selector) !== null;
}
