import type { WorkerRecord } from '@voicebus/protocol';
import type { Worker } from '../workers/worker.ts';

export interface Role {
  readonly name: string;
  readonly label: string;
}

/** What a runner says of the roles that it serves and of the workers that live on it. */
export function workerRecords(
  roles: readonly Role[],
  workers: readonly Worker[],
  startedAtWallMs: number,
): WorkerRecord[] {
  return [
    ...roles.map(({ name, label }) => ({
      name,
      label,
      sessionId: null,
      bridged: true,
      active: false,
      parent: null,
      startedAtWallMs,
    })),
    ...workers
      .filter(({ state }) => state === 'ready' || state === 'ending')
      .map((worker) => ({
        name: worker.name,
        ...(worker.label === worker.name ? {} : { label: worker.label }),
        sessionId: worker.sessionId,
        bridged: worker.bridged,
        active: worker.active,
        parent: worker.parent?.name ?? null,
        startedAtWallMs: worker.startedAtWallMs,
      })),
  ];
}
