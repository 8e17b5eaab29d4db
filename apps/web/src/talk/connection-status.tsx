import type { ConnectionState, VoiceSnapshot } from '@voicebus/client';
import { strings } from '@/strings';
import { Chip, type ChipTone } from '@/ui/chip';
import { calmFailures } from './calm-failures';
import { useElapsed } from './use-elapsed';

/** A connection that takes this long is called slow. */
export const slowMs = 5000;

const tones: Readonly<Record<ConnectionState['kind'], ChipTone>> = {
  idle: 'plain',
  'asking-mic': 'plain',
  connecting: 'plain',
  'waiting-for-agent': 'plain',
  live: 'good',
  reconnecting: 'warn',
  ended: 'plain',
  failed: 'bad',
};

/** The one polite line of the page. The dot's shape says the same as its colour. */
export function ConnectionStatus({ snapshot }: { snapshot: VoiceSnapshot }) {
  const { connection } = snapshot;
  const { kind } = connection;
  const elapsedMs = useElapsed(snapshot.connectionSinceMs, kind === 'connecting');
  const slow = kind === 'connecting' && elapsedMs >= slowMs;
  // Nothing broke: the caller closed the lid, or went on in another tab.
  const calm = connection.kind === 'failed' && calmFailures.has(connection.reason);
  const text = calm ? strings.connection.ended : strings.connection[kind];
  const busy = kind === 'connecting' || kind === 'waiting-for-agent' || kind === 'reconnecting';
  return (
    <Chip
      tone={calm ? 'plain' : tones[kind]}
      role="status"
      aria-label={strings.talk.connection}
      className="me-1 min-w-0 max-[360px]:px-2.5 max-[360px]:text-xs"
    >
      <span
        aria-hidden
        className={`size-2 shrink-0 border-[1.5px] border-current ${kind === 'live' ? 'rounded-full bg-current' : kind === 'failed' && !calm ? 'rotate-45' : 'rounded-full'} ${busy ? 'breathe' : ''}`}
      />
      <span className="truncate">{slow ? strings.connection.slow : text}</span>
    </Chip>
  );
}
