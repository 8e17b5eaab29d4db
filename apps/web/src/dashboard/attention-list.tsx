import {
  attention,
  type Attention,
  type RegistryView,
  type SessionsView,
} from '@voicebus/session-view';
import Link from 'next/link';
import { age, duration } from '@/format';
import { strings } from '@/strings';
import { buttonClass } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { listHref } from './list-href';

/** The worst first; nothing at all when all is well. */
export function AttentionList(props: {
  registry: RegistryView;
  sessions: SessionsView;
  nowMs: number;
}) {
  const { registry, sessions, nowMs } = props;
  const troubles = attention({ registry, sessions }, nowMs);
  if (troubles.length === 0) return null;
  return (
    <ul aria-label={strings.dashboard.attention} className="flex flex-col gap-2">
      {troubles.map((trouble) => (
        <li key={`${trouble.kind}/${'runner' in trouble ? trouble.runner : ''}`}>
          <Notice
            compact
            tone={
              trouble.kind === 'runner-lost' || trouble.kind === 'runner-failed' ? 'bad' : 'warn'
            }
            title={text(trouble)}
            action={
              <Link
                href={hrefOf(trouble)}
                className={buttonClass({ kind: 'line', shape: 'small' })}
              >
                {strings.dashboard.look}
              </Link>
            }
          />
        </li>
      ))}
    </ul>
  );
}

function text(trouble: Attention): string {
  const words = strings.dashboard.troubles;
  switch (trouble.kind) {
    case 'runner-lost':
      return words[trouble.kind](trouble.runner, age(trouble.silentMs));
    case 'runner-failed':
      return words[trouble.kind](trouble.runner);
    case 'waiting':
      return words[trouble.kind](trouble.sessions);
    case 'loop-lag':
      return words[trouble.kind](trouble.runner, duration(trouble.lagMs));
    case 'slow':
      return words[trouble.kind](duration(trouble.p95Ms), trouble.samples);
  }
}

function hrefOf(trouble: Attention): string {
  if ('runner' in trouble) return '#runners';
  return listHref({ sessions: trouble.kind === 'waiting' ? 'waiting' : 'slowest' });
}
