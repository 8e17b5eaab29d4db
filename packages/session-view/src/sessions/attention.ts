import type { RegistryView } from '../registry/registry-view.ts';
import { overviewOf } from './overview.ts';
import type { SessionsView } from './sessions-view.ts';

/** What wants somebody's attention now. */
export type Attention =
  | { readonly kind: 'runner-lost'; readonly runner: string; readonly silentMs: number }
  | { readonly kind: 'runner-failed'; readonly runner: string }
  | { readonly kind: 'waiting'; readonly sessions: number }
  | { readonly kind: 'loop-lag'; readonly runner: string; readonly lagMs: number }
  | { readonly kind: 'slow'; readonly p95Ms: number; readonly samples: number };

/** Sound is paced every 20 ms: a process that is this late drops out of step. */
const loopLagMs = 50;
/** What callers may be asked to wait for, in 19 of 20 turns. */
const slowMs = 2000;
/** Of fewer, the slowest alone would be the 95th percentile. */
const enoughSamples = 20;

/** The worst first; empty when all is well. */
export function attention(
  { registry, sessions }: { readonly registry: RegistryView; readonly sessions: SessionsView },
  nowWallMs: number,
): readonly Attention[] {
  const { waiting, response } = overviewOf(sessions, nowWallMs);
  const of = (state: string) => registry.rows.filter((runner) => runner.state === state);
  const slow = response !== null && response.p95Ms > slowMs && response.samples >= enoughSamples;
  return [
    ...of('lost').map(({ runner, heartbeatWallMs }) => {
      const silentMs = Math.max(0, nowWallMs - heartbeatWallMs);
      return { kind: 'runner-lost', runner, silentMs } as const;
    }),
    ...of('failed').map(({ runner }) => ({ kind: 'runner-failed', runner }) as const),
    ...(waiting > 0 ? [{ kind: 'waiting', sessions: waiting } as const] : []),
    ...registry.rows
      .filter(({ state, eventLoopLagMs }) => state !== 'lost' && eventLoopLagMs >= loopLagMs)
      .map(({ runner, eventLoopLagMs: lagMs }) => ({ kind: 'loop-lag', runner, lagMs }) as const),
    ...(slow ? [{ kind: 'slow', p95Ms: response.p95Ms, samples: response.samples } as const] : []),
  ];
}
