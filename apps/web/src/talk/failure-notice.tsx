import type { VoiceSnapshot } from '@voicebus/client';
import { strings } from '@/strings';
import { Notice } from '@/ui/notice';

export function FailureNotice({ snapshot }: { snapshot: VoiceSnapshot }) {
  const { connection } = snapshot;
  if (connection.kind !== 'failed') return null;
  const advice = strings.failure[connection.reason];
  return (
    <Notice tone="bad" alert title={advice.title}>
      {advice.next}
    </Notice>
  );
}
