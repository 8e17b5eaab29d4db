import { isMicrophoneOpen, type VoiceSession, type VoiceSnapshot } from '@voicebus/client';
import { Mic, MicOff, PhoneOff } from 'lucide-react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { Switch } from '@/ui/switch';
import { Devices } from './devices';
import { HoldToTalk } from './hold-to-talk';
import { MicrophoneLevel } from './microphone-level';
import { TextInput } from './text-input';

interface Props {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
}

/** Mute, push to talk, text, devices, end: in this order for the keyboard on every width. */
export function CallControls({ session, snapshot }: Props) {
  const voice = isMicrophoneOpen(snapshot.microphone) || snapshot.microphone === 'asking';
  const areas = voice
    ? "[grid-template-areas:'voice_end'_'text_text'_'devices_devices']"
    : snapshot.textOnly
      ? "[grid-template-areas:'text_end']"
      : "[grid-template-areas:'text_end'_'devices_devices']";
  return (
    <div
      className={`grid grid-cols-[1fr_auto] items-center gap-2.5 rounded-[1.75rem] border border-line bg-surface p-3 shadow-card ${areas}`}
    >
      {voice ? <VoiceControls session={session} snapshot={snapshot} /> : null}
      <div className="flex min-w-0 flex-col gap-2.5 [grid-area:text]">
        {snapshot.pushToTalk && voice ? <HoldToTalk session={session} snapshot={snapshot} /> : null}
        <TextInput session={session} focus={snapshot.textOnly} />
      </div>
      {snapshot.textOnly ? null : (
        <div className="min-w-0 [grid-area:devices]">
          <Devices session={session} snapshot={snapshot} />
        </div>
      )}
      <Button
        kind="end"
        aria-label={strings.talk.end}
        className="[grid-area:end] max-[460px]:w-11 max-[460px]:px-0"
        onClick={() => session.end()}
      >
        <PhoneOff aria-hidden className="size-4.5" />
        <span className="max-[460px]:hidden">{strings.talk.end}</span>
      </Button>
    </div>
  );
}

function VoiceControls({ session, snapshot }: Props) {
  const { muted } = snapshot;
  const label = muted ? strings.talk.unmute : strings.talk.mute;
  const Icon = muted ? MicOff : Mic;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-2 min-[420px]:gap-x-4 [grid-area:voice]">
      <Button
        kind={muted ? 'solid' : 'line'}
        shape="small"
        aria-label={label}
        aria-keyshortcuts="m"
        onClick={() => session.setMuted(!muted)}
      >
        <Icon aria-hidden className="size-4.5" />
        <span className="max-[380px]:hidden">{label}</span>
        <MicrophoneLevel session={session} />
      </Button>
      <Switch
        label={strings.talk.pushToTalk}
        checked={snapshot.pushToTalk}
        onChange={(on) => session.setPushToTalk(on)}
      />
    </div>
  );
}
