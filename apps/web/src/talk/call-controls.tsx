import { isMicrophoneOpen, type VoiceSession, type VoiceSnapshot } from '@voicebus/client';
import { Mic, MicOff, PhoneOff } from 'lucide-react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { Switch } from '@/ui/switch';
import { Devices } from './devices';
import { HoldToTalk } from './hold-to-talk';
import { MicrophoneLevel } from './microphone-level';
import { TextInput } from './text-input';

/** Mute, push to talk, text, devices, end: in this order on every width. */
export function CallControls({
  session,
  snapshot,
}: {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
}) {
  const voice = isMicrophoneOpen(snapshot.microphone) || snapshot.microphone === 'asking';
  return (
    <div className="flex flex-col gap-3 rounded-[1.5rem] border border-line bg-surface p-3 shadow-card">
      {snapshot.pushToTalk && voice ? <HoldToTalk session={session} snapshot={snapshot} /> : null}
      <TextInput session={session} focus={snapshot.textOnly} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        {voice ? (
          <>
            <Button
              kind={snapshot.muted ? 'solid' : 'line'}
              onClick={() => session.setMuted(!snapshot.muted)}
            >
              {snapshot.muted ? (
                <MicOff aria-hidden className="size-4.5" />
              ) : (
                <Mic aria-hidden className="size-4.5" />
              )}
              {snapshot.muted ? strings.talk.unmute : strings.talk.mute}
              <MicrophoneLevel session={session} />
            </Button>
            <Switch
              label={strings.talk.pushToTalk}
              checked={snapshot.pushToTalk}
              onChange={(on) => session.setPushToTalk(on)}
            />
          </>
        ) : null}
        <Button kind="end" className="ml-auto" onClick={() => session.end()}>
          <PhoneOff aria-hidden className="size-4.5" />
          {strings.talk.end}
        </Button>
      </div>
      {snapshot.textOnly ? null : <Devices session={session} snapshot={snapshot} />}
    </div>
  );
}
