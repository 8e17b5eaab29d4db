import { overviewOf, type RegistryView, type SessionsView } from '@voicebus/session-view';
import { age, duration } from '@/format';
import { strings } from '@/strings';
import { Notice } from '@/ui/notice';

/** The numbers in one line, and before them what wants somebody's attention. */
export function Overview(props: { registry: RegistryView; sessions: SessionsView; nowMs: number }) {
  const words = strings.dashboard;
  const sums = overviewOf(props.sessions);
  const lost = props.registry.rows.filter(({ state }) => state === 'lost' || state === 'failed');
  const ready = props.registry.rows.filter(({ state }) => state === 'ready' || state === 'busy');
  return (
    <section aria-label={words.overview} className="flex flex-col gap-4">
      {lost.map((runner) => (
        <Notice
          key={runner.incarnation}
          tone="bad"
          title={words.lostRunner(runner.runner, age(props.nowMs - runner.heartbeatWallMs))}
        />
      ))}
      {sums.waiting > 0 ? <Notice tone="warn" title={words.waitingSession(sums.waiting)} /> : null}
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line shadow-card sm:grid-cols-3 lg:grid-cols-6">
        <Figure name={words.live} value={sums.live} />
        <Figure name={words.agentsReady} value={ready.length} />
        <Figure
          name={words.response}
          value={sums.response === null ? '–' : duration(sums.response.medianMs)}
          note={sums.response === null ? null : words.samples(sums.response.samples)}
        />
        <Figure name={words.handoffs} value={sums.handoffs} />
        <Figure name={words.interruptions} value={sums.interruptions} />
        <Figure name={words.failed} value={sums.failed} />
      </dl>
    </section>
  );
}

function Figure(props: { name: string; value: number | string; note?: string | null }) {
  return (
    <div className="bg-surface px-4 py-3.5">
      <dt className="text-sm text-ink-faint">{props.name}</dt>
      <dd className="number mt-0.5 text-2xl font-semibold tracking-tight">{props.value}</dd>
      {props.note ? <dd className="text-xs text-ink-faint">{props.note}</dd> : null}
    </div>
  );
}
