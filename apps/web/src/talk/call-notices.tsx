import { isInCall, type VoiceSession, type VoiceSnapshot } from '@voicebus/client';
import { useTalk } from '@voicebus/client/react';
import { Volume2 } from 'lucide-react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { ComeBackNotice } from './come-back-notice';
import { slowMs } from './connection-status';
import { DeviceNotice } from './device-notice';
import { FailureNotice } from './failure-notice';
import { HeadsetHint } from './headset-hint';
import { MicrophoneNotice } from './microphone-notice';
import { useElapsed } from './use-elapsed';

/** After this long people want the reason and not only that it takes long. */
const reasonMs = 12_000;
/** A gap that is over sooner than this is no news to anybody. */
const bannerMs = 1000;

/** What the caller should know now, beside the conversation. */
export function CallNotices({
  session,
  snapshot,
}: {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
}) {
  const { kind } = snapshot.connection;
  const { mayHearItself } = useTalk(session);
  const settingUp = kind === 'connecting' || kind === 'waiting-for-agent';
  const elapsedMs = useElapsed(snapshot.connectionSinceMs, settingUp || kind === 'reconnecting');
  const { signallingLostSinceMs } = snapshot;
  const lostMs = useElapsed(signallingLostSinceMs ?? 0, signallingLostSinceMs !== null);
  return (
    <>
      {settingUp && elapsedMs >= slowMs ? (
        <Notice
          tone="calm"
          alert={elapsedMs >= reasonMs}
          title={elapsedMs >= reasonMs ? strings.slow[kind] : strings.connection.slow}
          action={
            elapsedMs >= reasonMs ? (
              <Button onClick={() => retry(session, snapshot)}>{strings.talk.retry}</Button>
            ) : null
          }
        />
      ) : null}
      {kind === 'reconnecting' && elapsedMs >= bannerMs ? (
        <Notice tone="warn" title={strings.slow.reconnecting} />
      ) : null}
      {kind === 'live' && lostMs >= bannerMs ? (
        <Notice tone="calm" title={strings.signallingLost} />
      ) : null}
      {snapshot.autoplayBlocked ? (
        <Notice
          tone="warn"
          alert
          title={strings.talk.autoplay}
          action={
            <Button kind="solid" onClick={() => void session.allowPlayback()}>
              <Volume2 aria-hidden className="size-4.5" />
              {strings.talk.hear}
            </Button>
          }
        >
          {strings.talk.autoplayNext}
        </Notice>
      ) : null}
      {snapshot.welcomeBack ? <Notice tone="calm" title={strings.comeBack.welcome} /> : null}
      {snapshot.mutedSpeech ? <Notice tone="warn" title={strings.talk.mutedSpeech} /> : null}
      {isInCall(snapshot.connection) ? (
        <HeadsetHint key={snapshot.sessionId} mayHearItself={mayHearItself} />
      ) : null}
      <DeviceNotice notice={snapshot.deviceNotice} />
      <MicrophoneNotice session={session} snapshot={snapshot} />
      <FailureNotice session={session} snapshot={snapshot} />
      {isInCall(snapshot.connection) ? null : (
        <ComeBackNotice session={session} snapshot={snapshot} />
      )}
    </>
  );
}

function retry(session: VoiceSession, snapshot: VoiceSnapshot): void {
  session.end();
  void session.connect({ audio: !snapshot.textOnly });
}
