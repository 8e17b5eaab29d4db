import type { AudioDevice, VoiceSession, VoiceSnapshot } from '@voicebus/client';
import { Mic, Volume2 } from 'lucide-react';
import { strings } from '@/strings';
import { Choice, type ChoiceOption } from '@/ui/choice';

export function Devices({ session, snapshot }: { session: VoiceSession; snapshot: VoiceSnapshot }) {
  const { devices } = snapshot;
  const microphones = options(devices.microphones);
  const speakers = options(devices.speakers);
  return (
    <div className="flex gap-2">
      <Choice
        label={strings.talk.microphone}
        icon={<Mic aria-hidden />}
        value={chosen(microphones, snapshot.microphoneId)}
        options={microphones}
        disabled={devices.microphones.length < 2}
        onChange={(id) => void session.chooseMicrophone(id)}
      />
      <Choice
        label={strings.talk.speaker}
        icon={<Volume2 aria-hidden />}
        value={chosen(speakers, snapshot.speakerId)}
        options={speakers}
        disabled={devices.speakers.length < 2}
        onChange={(id) => void session.chooseSpeaker(id)}
      />
    </div>
  );
}

function options(devices: readonly AudioDevice[]): readonly ChoiceOption[] {
  if (devices.length === 0) return [{ value: '', label: strings.talk.defaultDevice }];
  return devices.map(({ id, label }, index) => ({
    value: id,
    label: label || strings.talk.unnamedDevice(index + 1),
  }));
}

function chosen(list: readonly ChoiceOption[], id: string | null): string {
  return list.some(({ value }) => value === id) ? (id ?? '') : (list[0]?.value ?? '');
}
