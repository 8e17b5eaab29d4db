import type { WebConfig } from '@voicebus/protocol';
import { strings } from '@/strings';
import { Chip } from '@/ui/chip';

/** Says honestly when what answers is a demonstration and not a cloud service. */
export function OfflineLabel({ config }: { config: WebConfig }) {
  const offline = config.offline;
  if (!offline || !(offline.llm || offline.stt || offline.tts)) return null;
  const speech = offline.stt || offline.tts;
  const words = strings.offline;
  const text = offline.llm ? (speech ? words.both : words.llm) : words.speech;
  return (
    <p className="flex max-w-md items-start gap-2.5 text-sm text-ink-faint">
      <Chip>{words.label}</Chip>
      <span className="pt-1">{text}</span>
    </p>
  );
}
