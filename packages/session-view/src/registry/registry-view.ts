import type {
  RegistryDelta,
  RegistrySnapshot,
  RunnerRecord,
  WorkerRecord,
} from '@voicebus/protocol';
import { applyChange, emptyTable, fromSnapshot, type LiveTable } from './live-table.ts';

/** The live registry; one row per runner process, told apart by incarnation. */
export type RegistryView = LiveTable<RunnerRecord>;

export const emptyRegistry: RegistryView = emptyTable();

export function fromRegistrySnapshot(snapshot: RegistrySnapshot): RegistryView {
  return fromSnapshot(snapshot, snapshot.runners);
}

export function foldRegistry(view: RegistryView, delta: RegistryDelta): RegistryView {
  return applyChange(
    view,
    {
      sequence: delta.sequence,
      wallMs: delta.wallMs,
      put: delta.runner,
      removeId: delta.removedRunner,
    },
    (runner) => runner.incarnation,
  );
}

/** A worker beside the runner that hosts it. */
export interface WorkerRow {
  readonly key: string;
  readonly worker: WorkerRecord;
  readonly runner: RunnerRecord;
}

/** What was on a runner that is gone is gone with it. */
export function workerRows(view: RegistryView): readonly WorkerRow[] {
  const living = view.rows.filter(({ state }) => !troubled.has(state));
  return living.flatMap((runner) =>
    runner.workers.map((worker) => ({
      key: `${runner.incarnation}/${worker.name}/${worker.sessionId ?? ''}`,
      worker,
      runner,
    })),
  );
}

/** States in which a runner wants somebody's attention. */
const troubled: ReadonlySet<RunnerRecord['state']> = new Set(['lost', 'failed']);

/** What needs attention first, then by name, so that rows do not jump with each heartbeat. */
export function runnersByUrgency(view: RegistryView): readonly RunnerRecord[] {
  return view.rows.toSorted(
    (one, other) =>
      Number(troubled.has(other.state)) - Number(troubled.has(one.state)) ||
      one.runner.localeCompare(other.runner) ||
      one.startedAtWallMs - other.startedAtWallMs,
  );
}
