import type { RunnerRecord } from '@voicebus/protocol';
import { type RegistryView, runnersByUrgency } from '@voicebus/session-view';
import { age } from '@/format';
import { strings } from '@/strings';
import { Command } from '@/ui/command';
import { type Column, Table } from '@/ui/table';
import { ConfirmedAction } from './confirmed-action';
import { StateWord } from './state-word';

export function RunnersTable({ view, nowMs }: { view: RegistryView; nowMs: number }) {
  const words = strings.dashboard;
  return (
    <Table
      id="runners"
      name={words.runners}
      columns={columns(nowMs)}
      rows={runnersByUrgency(view)}
      keyOf={(runner) => runner.incarnation}
      empty={<Command command={words.commands.start}>{words.emptyRunners}</Command>}
    />
  );
}

function columns(nowMs: number): readonly Column<RunnerRecord>[] {
  const names = strings.dashboard.columns;
  return [
    {
      name: names.runner,
      cell: (runner) => (
        <span title={runner.incarnation}>
          <span className="font-medium">{runner.runner}</span>{' '}
          <span className="text-ink-faint">{runner.role}</span>
        </span>
      ),
    },
    { name: names.state, cell: (runner) => <StateWord state={runner.state} /> },
    {
      name: names.load,
      numeric: true,
      cell: (runner) => `${runner.sessions} / ${runner.capacity}`,
    },
    {
      name: names.heartbeat,
      numeric: true,
      cell: (runner) => strings.dashboard.ago(age(nowMs - runner.heartbeatWallMs)),
    },
    { name: names.lag, numeric: true, cell: (runner) => `${Math.round(runner.eventLoopLagMs)} ms` },
    { name: names.errors, numeric: true, cell: (runner) => runner.errors },
    { name: names.uptime, numeric: true, cell: (runner) => age(uptimeMs(runner, nowMs)) },
    {
      name: names.host,
      cell: (runner) => (
        <span className="text-ink-soft">
          {runner.host} · {runner.version}
        </span>
      ),
    },
    { name: strings.dashboard.actions.column, cell: (runner) => <RunnerAction runner={runner} /> },
  ];
}

/** Of one that is lost it is known only until its last sign of life. */
function uptimeMs(
  { state, startedAtWallMs, heartbeatWallMs }: RunnerRecord,
  nowMs: number,
): number {
  return (state === 'lost' ? heartbeatWallMs : nowMs) - startedAtWallMs;
}

/** The state in the key: once the runner says that it was done, the other action is offered. */
function RunnerAction({ runner }: { runner: RunnerRecord }) {
  const words = strings.dashboard.actions;
  const path = `/v1/runners/${encodeURIComponent(runner.incarnation)}`;
  if (runner.state === 'ready' || runner.state === 'busy')
    return (
      <ConfirmedAction
        key="drain"
        label={words.drain}
        target={runner.runner}
        consequence={words.drainConsequence(runner.sessions)}
        path={`${path}/drain`}
      />
    );
  if (runner.state === 'draining' || runner.state === 'drained')
    return (
      <ConfirmedAction
        key="undrain"
        label={words.undrain}
        target={runner.runner}
        consequence={words.undrainConsequence}
        path={`${path}/undrain`}
      />
    );
  return null;
}
