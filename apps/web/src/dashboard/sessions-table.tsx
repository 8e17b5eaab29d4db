import type { SessionSummary } from '@voicebus/protocol';
import { sessionsBehind, type SessionsFilter, type SessionsView } from '@voicebus/session-view';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { agentLook } from '@/agents/agent-look';
import { AgentMark } from '@/agents/agent-mark';
import { age, clock, duration } from '@/format';
import { strings } from '@/strings';
import { buttonClass } from '@/ui/button';
import { Chip } from '@/ui/chip';
import { Command } from '@/ui/command';
import { type Column, Table } from '@/ui/table';
import { filterOf, listHref } from './list-href';
import { SessionLink } from './workers-table';

/** Names nobody and shows no words of anybody: those stand on the session's own page. */
export function SessionsTable({ view, nowMs }: { view: SessionsView; nowMs: number }) {
  const words = strings.dashboard;
  const filter = filterOf(useSearchParams());
  return (
    <Table
      id="sessions"
      name={words.sessions}
      note={filter === 'all' ? null : <FilterNote filter={filter} />}
      columns={columns(nowMs)}
      rows={sessionsBehind(view, filter, nowMs)}
      keyOf={(session) => session.sessionId}
      empty={
        view.rows.length === 0 ? (
          <Command command={words.commands.start}>{words.emptySessions}</Command>
        ) : (
          words.noneBehind
        )
      }
    />
  );
}

function FilterNote({ filter }: { filter: SessionsFilter }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-ink-soft">
      {strings.dashboard.filters[filter]}
      <Link
        href={listHref({ sessions: 'all' })}
        className={buttonClass({ kind: 'line', shape: 'small' })}
      >
        {strings.dashboard.showAll}
      </Link>
    </p>
  );
}

function columns(nowMs: number): readonly Column<SessionSummary>[] {
  const words = strings.dashboard;
  const names = words.columns;
  return [
    { name: names.session, cell: ({ sessionId }) => <SessionLink sessionId={sessionId} /> },
    {
      name: names.state,
      cell: ({ endReason, endedAtWallMs }) =>
        endedAtWallMs === null ? (
          <Chip tone="good">{words.liveSession}</Chip>
        ) : (
          <Chip tone={endReason === 'failed' ? 'bad' : 'plain'}>
            {endReason === null ? words.ended : strings.session.ended[endReason]}
          </Chip>
        ),
    },
    {
      name: names.holder,
      cell: ({ holder, endedAtWallMs }) =>
        holder === null ? (
          <span className="text-ink-faint">{endedAtWallMs === null ? words.nobody : '–'}</span>
        ) : (
          <span className="flex items-center gap-2">
            <AgentMark agent={holder} size="small" />
            {agentLook(holder).name}
          </span>
        ),
    },
    {
      name: names.length,
      numeric: true,
      cell: ({ startedAtWallMs, endedAtWallMs }) =>
        clock((endedAtWallMs ?? nowMs) - startedAtWallMs),
    },
    { name: names.turns, numeric: true, cell: ({ turns }) => turns },
    { name: names.handoffs, numeric: true, cell: ({ handoffs }) => handoffs },
    { name: names.interruptions, numeric: true, cell: ({ interruptions }) => interruptions },
    {
      name: names.response,
      numeric: true,
      cell: ({ medianResponseMs }) =>
        medianResponseMs === null ? '–' : duration(medianResponseMs),
    },
    {
      name: names.media,
      cell: ({ media }) => (
        <span className="text-ink-soft">{media === null ? '–' : words.media[media]}</span>
      ),
    },
    {
      name: names.started,
      numeric: true,
      cell: ({ startedAtWallMs }) => words.ago(age(nowMs - startedAtWallMs)),
    },
  ];
}
