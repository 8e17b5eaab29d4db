import { isMicrophoneOpen, type MicrophoneState } from '@voicebus/client';
import { strings } from '@/strings';

/** In one line, whether the caller is heard; what needs a step of theirs stands in a notice. */
export function MicrophoneWord({ microphone }: { microphone: MicrophoneState }) {
  if (!isMicrophoneOpen(microphone) || microphone === 'silent') return null;
  const { title, next } = strings.microphone[microphone];
  return (
    <p data-microphone={microphone} className="text-sm text-ink-faint">
      {title}
      {next === '' ? '' : `. ${next}`}
    </p>
  );
}
