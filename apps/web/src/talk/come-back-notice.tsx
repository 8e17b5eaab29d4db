import type { VoiceSession, VoiceSnapshot } from '@voicebus/client';
import { age } from '@/format';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { useResumable } from './use-resumable';

/** A call that this page, or another tab, left open: to be gone on with, never forced. */
export function ComeBackNotice(props: { session: VoiceSession; snapshot: VoiceSnapshot }) {
  const { session, snapshot } = props;
  const words = strings.comeBack;
  const resumable = useResumable(snapshot);
  // A call that failed says so itself, with the same way back.
  if (snapshot.connection.kind === 'failed') return null;
  if (resumable) {
    const next = resumable.audio ? words.leftNext.voice : words.leftNext.text;
    return (
      <Notice
        tone="calm"
        alert
        title={words.left}
        action={
          <Button kind="solid" onClick={() => void session.resume()}>
            {words.resume}
          </Button>
        }
      >
        <span aria-live="off" className="number">
          {next} {age(resumable.leftMs)}.
        </span>
      </Notice>
    );
  }
  if (snapshot.otherTabSessionId === null) return null;
  return (
    <Notice
      tone="calm"
      title={words.otherTab}
      action={<Button onClick={() => void session.takeOver()}>{words.here}</Button>}
    >
      {words.otherTabNext}
    </Notice>
  );
}
