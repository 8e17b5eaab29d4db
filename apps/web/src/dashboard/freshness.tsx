import { age } from '@/format';
import { strings } from '@/strings';
import { Chip } from '@/ui/chip';
import { useNow } from '@/use-now';
import type { FeedState } from './live-feed';

/** Runners renew every few seconds, so silence this long means that the screen is old. */
const staleMs = 8000;

/** Says how old the screen is; a stale one says so in words. */
export function Freshness({
  feed,
  updatedWallMs,
  beats,
}: {
  feed: FeedState;
  updatedWallMs: number | null;
  /** Whether something comes every few seconds when all is well; a quiet session sends nothing. */
  beats: boolean;
}) {
  const nowMs = useNow(1000);
  const words = strings.dashboard;
  const oldMs = updatedWallMs === null || nowMs === 0 ? 0 : nowMs - updatedWallMs;
  const lost = feed.kind === 'unreachable';
  const stale = lost || (beats && oldMs >= staleMs);
  const text =
    updatedWallMs === null
      ? words.waitingForServer
      : stale
        ? words.lastUpdate(age(oldMs))
        : words.liveNow;
  return (
    <Chip
      role="status"
      tone={lost ? 'bad' : stale ? 'warn' : updatedWallMs === null ? 'plain' : 'good'}
    >
      <span
        aria-hidden
        className={`size-2 border-[1.5px] border-current ${lost ? 'rotate-45' : 'rounded-full'} ${stale ? '' : 'bg-current'}`}
      />
      <span className="number">{text}</span>
    </Chip>
  );
}
