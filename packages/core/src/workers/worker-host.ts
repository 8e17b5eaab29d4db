import type { SessionEvents } from '../events/session-events.ts';
import type { SessionHost } from '../session/session-host.ts';
import type { Worker } from './worker.ts';

/** What a runner gives to the workers that it hosts. */
export interface WorkerHost extends SessionHost {
  readonly runnerName: string;
  /** The event stream of a session that this runner owns. */
  events(sessionId: string): SessionEvents;
  /** A worker was added by another one: host it, too. */
  adopt(worker: Worker): Promise<void>;
  /** Announce again: a worker became ready, active, inactive, or is gone. */
  changed(worker: Worker): void;
  getWorker(name: string, sessionId?: string): Worker | undefined;
}
