import type { VoiceSession } from '@voicebus/client';
import { ArrowUp } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';

/** The server takes this many characters of one message. */
const longest = 2000;

/** Works in every state of a call and without a microphone. */
export function TextInput({ session, focus }: { session: VoiceSession; focus: boolean }) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (focus) input.current?.focus();
  }, [focus]);
  const send = (event: FormEvent) => {
    event.preventDefault();
    session.sendText(text);
    setText('');
    input.current?.focus();
  };
  return (
    <form onSubmit={send} className="flex items-center gap-2">
      <input
        ref={input}
        value={text}
        maxLength={longest}
        onChange={(event) => setText(event.target.value)}
        aria-label={strings.talk.message}
        placeholder={strings.talk.message}
        enterKeyHint="send"
        autoComplete="off"
        className="min-h-11 w-full min-w-0 rounded-full bg-sunken px-4 text-base placeholder:text-ink-faint"
      />
      <Button
        type="submit"
        kind="solid"
        shape="icon"
        aria-label={strings.talk.send}
        disabled={text.trim() === ''}
      >
        <ArrowUp aria-hidden className="size-5" />
      </Button>
    </form>
  );
}
