import {
  isInCall,
  type MicrophoneState,
  type VoiceSession,
  type VoiceSnapshot,
} from '@voicebus/client';
import { useSyncExternalStore } from 'react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { useElapsed } from './use-elapsed';

type Browser = keyof typeof strings.blockedSteps;

/** A question that was answered before stays for a moment only; who is slower reads what it is. */
const askingMs = 1000;

/** What the caller sees of it elsewhere: on the button, and under the line of the voices. */
const quiet: ReadonlySet<MicrophoneState> = new Set(['unasked', 'open', 'muted', 'held']);
/** Trying again from this page cannot help. */
const hopeless: ReadonlySet<MicrophoneState> = new Set(['insecure', 'unsupported']);

/** The words and the next step of a microphone that gives nothing. */
export function MicrophoneNotice(props: { session: VoiceSession; snapshot: VoiceSnapshot }) {
  const { session, snapshot } = props;
  const { microphone } = snapshot;
  const { browser, host } = useSurroundings();
  const asking = microphone === 'asking';
  const askedMs = useElapsed(snapshot.connectionSinceMs, asking);
  if (quiet.has(microphone) || (asking && askedMs < askingMs)) return null;
  const advice = strings.microphone[microphone];
  const retry = () =>
    isInCall(snapshot.connection) ? session.retryMicrophone() : session.connect({ audio: true });
  const mayRetry = !asking && microphone !== 'silent' && !hopeless.has(microphone);
  return (
    <Notice
      tone={asking ? 'calm' : microphone === 'silent' ? 'warn' : 'bad'}
      alert={!asking}
      title={microphone === 'silent' ? strings.silent(deviceName(snapshot)) : advice.title}
      action={mayRetry ? <Button onClick={() => void retry()}>{strings.talk.retry}</Button> : null}
    >
      <p>{microphone === 'blocked' ? strings.blockedSteps[browser] : advice.next}</p>
      {microphone === 'insecure' ? (
        <code className="mt-2 block rounded-lg bg-surface px-3 py-2 font-mono text-sm">
          {strings.tunnel(host)}
        </code>
      ) : null}
    </Notice>
  );
}

function deviceName({ devices, microphoneId }: VoiceSnapshot): string {
  const chosen = devices.microphones.find(({ id }) => id === microphoneId);
  return chosen?.label || strings.talk.anotherMicrophone;
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
