import {
  overviewOf,
  type RegistryView,
  type SessionsFilter,
  type SessionsOverview,
  type SessionsView,
} from '@voicebus/session-view';
import Link from 'next/link';
import { duration } from '@/format';
import { strings } from '@/strings';
import { AttentionList } from './attention-list';
import { listHref } from './list-href';

interface Figure {
  readonly name: string;
  readonly value: string | number;
  readonly note: string | null;
  /** The list behind the number. */
  readonly href: string;
}

/** The numbers, each of which opens its list; and before them what wants somebody's attention. */
export function Overview(props: { registry: RegistryView; sessions: SessionsView; nowMs: number }) {
  const { registry, sessions, nowMs } = props;
  const figures = [...sessionFigures(overviewOf(sessions, nowMs)), runnersFigure(registry)];
  return (
    <section aria-label={strings.dashboard.overview} className="flex flex-col gap-4">
      <AttentionList registry={registry} sessions={sessions} nowMs={nowMs} />
      <ul className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line shadow-card sm:grid-cols-4">
        {figures.map((figure) => (
          <FigureItem key={figure.name} figure={figure} />
        ))}
      </ul>
    </section>
  );
}

function FigureItem({ figure }: { figure: Figure }) {
  return (
    <li className="bg-surface">
      <Link
        href={figure.href}
        className="group flex h-full min-h-24 flex-col px-4 py-3.5 transition-colors duration-(--quick) outline-offset-[-2px] hover:bg-sunken"
      >
        <span className="text-sm text-ink-faint">{figure.name}</span>
        <span className="number mt-0.5 text-2xl font-semibold tracking-tight decoration-line-strong decoration-1 underline-offset-4 group-hover:underline">
          {figure.value}
        </span>
        {figure.note === null ? null : (
          <span className="mt-0.5 text-xs text-ink-faint">{figure.note}</span>
        )}
      </Link>
    </li>
  );
}

function sessionFigures(sums: SessionsOverview): readonly Figure[] {
  const { figures, notes } = strings.dashboard;
  const { response } = sums;
  const behind = (filter: SessionsFilter) => listHref({ sessions: filter });
  const samples = response === null ? notes.noSamples : notes.samples(response.samples);
  return [
    {
      name: figures.live,
      value: sums.live,
      note: sums.waiting > 0 ? notes.waiting(sums.waiting) : null,
      href: behind('live'),
    },
    {
      name: figures.turnsPerMinute,
      value: sums.turnsPerMinute,
      note: notes.lastMinute,
      href: behind('talking'),
    },
    {
      name: figures.p50,
      value: response === null ? '–' : duration(response.p50Ms),
      note: samples,
      href: behind('slowest'),
    },
    {
      name: figures.p95,
      value: response === null ? '–' : duration(response.p95Ms),
      note: samples,
      href: behind('slowest'),
    },
    {
      name: figures.interruptions,
      value: sums.interruptions,
      note: notes.total,
      href: behind('interrupted'),
    },
    {
      name: figures.handoffs,
      value: sums.handoffs,
      note: notes.total,
      href: behind('handed-over'),
    },
    {
      name: figures.failedStarts,
      value: sums.failedStarts,
      note: sums.failed > 0 ? notes.failed(sums.failed) : notes.failedStarts,
      href: behind('failed-starts'),
    },
  ];
}

/** How many can take a caller now; the note says what the others are. */
function runnersFigure({ rows }: RegistryView): Figure {
  const count = (state: string) => rows.filter((runner) => runner.state === state).length;
  const others = (['busy', 'draining', 'lost', 'failed'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`);
  return {
    name: strings.dashboard.figures.ready,
    value: count('ready'),
    note: others.length === 0 ? null : others.join(' · '),
    href: '#runners',
  };
}
