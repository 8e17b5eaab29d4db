import type { DeviceNotice as Happened } from '@voicebus/client';
import { strings } from '@/strings';
import { Notice } from '@/ui/notice';

/** A device came or went, and the call went on. */
export function DeviceNotice({ notice }: { notice: Happened | null }) {
  if (notice === null) return null;
  return <Notice tone="calm" title={text(notice)} />;
}

function text(notice: Happened): string {
  const words = strings.device;
  const named = (label: string) => label || strings.talk.anotherMicrophone;
  switch (notice.kind) {
    case 'microphone-replaced':
      return words[notice.kind](named(notice.from), named(notice.to));
    case 'microphone-refused':
      return words[notice.kind](named(notice.using));
    case 'speaker-gone':
      return words[notice.kind];
  }
}
