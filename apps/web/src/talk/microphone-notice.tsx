import type { VoiceSession, VoiceSnapshot } from '@voicebus/client';
import { useSyncExternalStore } from 'react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';

type Browser = keyof typeof strings.blockedSteps;

/** The words and the next step of a microphone that gives nothing. */
export function MicrophoneNotice({
  session,
  snapshot,
}: {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
}) {
  const { microphone } = snapshot;
  const { browser, host } = useSurroundings();
  if (microphone === 'silent') {
    const chosen = snapshot.devices.microphones.find(({ id }) => id === snapshot.microphoneId);
    const device = chosen?.label || strings.talk.anotherMicrophone;
    return <Notice tone="warn" alert title={strings.talk.silent(device)} />;
  }
  if (!(microphone in strings.microphone)) return null;
  const advice = strings.microphone[microphone as keyof typeof strings.microphone];
  const next = microphone === 'blocked' ? strings.blockedSteps[browser] : advice.next;
  const atHome = snapshot.connection.kind === 'idle';
  return (
    <Notice
      tone="bad"
      alert
      title={advice.title}
      action={
        atHome && microphone !== 'insecure' && microphone !== 'unsupported' ? (
          <Button onClick={() => void session.connect({ audio: true })}>
            {strings.talk.retry}
          </Button>
        ) : null
      }
    >
      <p>{next}</p>
      {microphone === 'insecure' ? (
        <code className="mt-2 block rounded-lg bg-surface px-3 py-2 font-mono text-sm">
          {strings.tunnel(host)}
        </code>
      ) : null}
    </Notice>
  );
}

const never = () => () => {};

/** The server knows neither; the page has them from its first moment. */
function useSurroundings(): { browser: Browser; host: string } {
  const browser = useSyncExternalStore<Browser>(
    never,
    () => browserOf(navigator.userAgent),
    () => 'other',
  );
  const host = useSyncExternalStore(
    never,
    () => window.location.hostname,
    () => 'server',
  );
  return { browser, host };
}

function browserOf(userAgent: string): Browser {
  if (/Firefox\//.test(userAgent)) return 'firefox';
  if (/Chrome\/|Chromium\/|Edg\//.test(userAgent)) return 'chrome';
  return /Safari\//.test(userAgent) ? 'safari' : 'other';
}
