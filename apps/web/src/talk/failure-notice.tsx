import type { VoiceSession, VoiceSnapshot } from '@voicebus/client';
import { age } from '@/format';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { calmFailures } from './calm-failures';
import { useResumable } from './use-resumable';

export function FailureNotice(props: { session: VoiceSession; snapshot: VoiceSnapshot }) {
  const { session, snapshot } = props;
  const resumable = useResumable(snapshot);
  const { connection, lostForMs } = snapshot;
  if (connection.kind !== 'failed') return null;
  const advice = strings.failure[connection.reason];
  const lost = connection.reason === 'connection-lost' && lostForMs !== null;
  const elsewhere = connection.reason === 'replaced' && snapshot.otherTabSessionId !== null;
  return (
    <Notice
      tone={calmFailures.has(connection.reason) ? 'calm' : 'bad'}
      alert
      title={lost ? strings.lostFor(age(lostForMs)) : advice.title}
      action={
        resumable ? (
          <Button kind="solid" onClick={() => void session.resume()}>
            {strings.comeBack.resume}
          </Button>
        ) : elsewhere ? (
          <Button onClick={() => void session.takeOver()}>{strings.comeBack.here}</Button>
        ) : null
      }
    >
      {advice.next}
    </Notice>
  );
}
