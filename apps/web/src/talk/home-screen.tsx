import type { VoiceSession, VoiceSnapshot } from '@voicebus/client';
import type { WebConfig } from '@voicebus/protocol';
import { Keyboard, Mic } from 'lucide-react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { MicrophoneNotice } from './microphone-notice';
import { ComeBackNotice } from './come-back-notice';
import { FailureNotice } from './failure-notice';
import { OfflineLabel } from './offline-label';
import { VoiceLine } from './voice-line';

/** Before the first call: one button, and the way in without a microphone beside it. */
export function HomeScreen(props: {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
  config: WebConfig;
}) {
  const { session, snapshot } = props;
  const troubled = snapshot.connection.kind === 'failed' || snapshot.microphone !== 'unasked';
  return (
    <main className="flex flex-1 flex-col justify-center gap-8 py-8">
      <div className="flex flex-col gap-3">
        <h1 className="text-5xl font-semibold tracking-tight sm:text-6xl">{strings.home.title}</h1>
        <p className="max-w-md text-lg text-balance text-ink-soft">{strings.home.lead}</p>
      </div>
      {troubled ? (
        <div className="flex flex-col gap-3">
          <MicrophoneNotice session={session} snapshot={snapshot} />
          <FailureNotice session={session} snapshot={snapshot} />
        </div>
      ) : (
        <VoiceLine session={session} agent="greeter" />
      )}
      <ComeBackNotice session={session} snapshot={snapshot} />
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap gap-3">
          <Button
            kind="solid"
            shape="big"
            data-wish="talk"
            onClick={() => void session.connect({ audio: true })}
          >
            <Mic aria-hidden className="size-5" />
            {strings.talk.start}
          </Button>
          <Button
            shape="big"
            data-wish="type"
            onClick={() => void session.connect({ audio: false })}
          >
            <Keyboard aria-hidden className="size-5" />
            {strings.talk.typeInstead}
          </Button>
        </div>
        <p className="max-w-md text-sm text-ink-faint">{strings.home.why}</p>
        <OfflineLabel config={props.config} />
      </div>
    </main>
  );
}
