import { type RegistryView, type WorkerRow, workerRows } from '@voicebus/session-view';
import Link from 'next/link';
import { AgentMark } from '@/agents/agent-mark';
import { age, shortId } from '@/format';
import { strings } from '@/strings';
import { Chip } from '@/ui/chip';
import { Command } from '@/ui/command';
import { type Column, Table } from '@/ui/table';

export function WorkersTable({ view, nowMs }: { view: RegistryView; nowMs: number }) {
  const words = strings.dashboard;
  return (
    <Table
      name={words.workers}
      columns={columns(nowMs)}
      rows={workerRows(view)}
      keyOf={(row) => row.key}
      empty={<Command command={words.commands.agent}>{words.emptyWorkers}</Command>}
    />
  );
}

function columns(nowMs: number): readonly Column<WorkerRow>[] {
  const words = strings.dashboard;
  return [
    {
      name: words.columns.worker,
      cell: ({ worker }) => (
        <span className="flex items-center gap-2 font-medium">
          {worker.bridged ? <AgentMark agent={worker.name} size="small" /> : null}
          {worker.label ?? worker.name}
        </span>
      ),
    },
    {
      name: words.columns.active,
      cell: ({ worker }) => (
        <Chip tone={worker.active ? 'good' : 'plain'}>
          {worker.active ? words.active : words.inactive}
        </Chip>
      ),
    },
    {
      name: words.columns.serves,
      cell: ({ worker }) =>
        worker.sessionId === null ? (
          <span className="text-ink-soft">{words.onDemand}</span>
        ) : (
          <SessionLink sessionId={worker.sessionId} />
        ),
    },
    {
      name: words.columns.runner,
      cell: ({ runner }) => <span className="text-ink-soft">{runner.runner}</span>,
    },
    {
      name: words.columns.uptime,
      numeric: true,
      cell: ({ worker }) => age(nowMs - worker.startedAtWallMs),
    },
  ];
}

export function SessionLink({ sessionId }: { sessionId: string }) {
  return (
    <Link
      href={`/dashboard/sessions/${encodeURIComponent(sessionId)}`}
      className="inline-flex min-h-6 items-center font-mono underline decoration-line-strong underline-offset-4 hover:decoration-current"
    >
      {shortId(sessionId)}
    </Link>
  );
}
