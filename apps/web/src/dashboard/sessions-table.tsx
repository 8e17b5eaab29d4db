import type { SessionSummary } from '@voicebus/protocol';
import { sessionsByAge, type SessionsView } from '@voicebus/session-view';
import { agentLook } from '@/agents/agent-look';
import { AgentMark } from '@/agents/agent-mark';
import { age, clock, duration } from '@/format';
import { strings } from '@/strings';
import { Chip } from '@/ui/chip';
import { Command } from '@/ui/command';
import { type Column, Table } from '@/ui/table';
import { SessionLink } from './workers-table';

/** Names nobody and shows no words of anybody: those stand on the session's own page. */
export function SessionsTable({ view, nowMs }: { view: SessionsView; nowMs: number }) {
  const words = strings.dashboard;
  return (
    <Table
      name={words.sessions}
      columns={columns(nowMs)}
      rows={sessionsByAge(view)}
      keyOf={(session) => session.sessionId}
      empty={<Command command={words.commands.start}>{words.emptySessions}</Command>}
    />
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
          <Chip tone={endReason === 'failed' ? 'bad' : 'plain'}>{endReason ?? words.ended}</Chip>
        ),
    },
    {
      name: names.holder,
      cell: ({ holder }) =>
        holder === null ? (
          <span className="text-ink-faint">{words.nobody}</span>
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
