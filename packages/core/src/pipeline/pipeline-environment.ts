import type { Clock } from '../clock/clock.ts';
import type { SessionEvents } from '../events/session-events.ts';

/** Where a processor works: in which session, of which worker. */
export interface PipelineEnvironment {
  readonly sessionId: string;
  readonly workerName: string;
  readonly clock: Clock;
  readonly events: SessionEvents;
}
