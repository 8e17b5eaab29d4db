import type { RunnerBus } from '../bus/runner-bus.ts';
import type { Clock } from '../clock/clock.ts';
import type { WorkerRegistry } from '../registry/worker-registry.ts';

/** What a runner gives to whatever lives in one of its sessions. */
export interface SessionHost {
  readonly bus: RunnerBus;
  readonly registry: WorkerRegistry;
  readonly clock: Clock;
  /** Something failed and nobody else was hurt by it. Never what people said. */
  report(what: string, thrown: unknown): void;
}
