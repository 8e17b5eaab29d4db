import type { RunnerChange, WorkerRunner } from '@voicebus/core';
import type {
  RegistryDelta,
  RegistrySnapshot,
  RunnerRecord,
  SessionEvent,
  SessionEventsSnapshot,
  SessionsDelta,
  SessionsSnapshot,
} from '@voicebus/protocol';
import { SessionSummaries } from './session-summaries.ts';

type Listener<Delta> = (delta: Delta) => void;

/** A runner that was lost stays in view this long: people want to know what was there. */
const keepLostMs = 3_600_000;

/** What the dashboard sees of the whole channel: snapshots, and deltas that count up by one. */
export class ChannelView {
  readonly #runner: WorkerRunner;
  readonly #summaries = new SessionSummaries();
  readonly #lost = new Map<string, RunnerRecord>();
  readonly #registryListeners = new Set<Listener<RegistryDelta>>();
  readonly #sessionsListeners = new Set<Listener<SessionsDelta>>();
  readonly #eventListeners = new Map<string, Set<Listener<SessionEvent>>>();
  #registrySequence = 0;
  #sessionsSequence = 0;
  readonly #stop: (() => void)[] = [];

  constructor(runner: WorkerRunner) {
    this.#runner = runner;
  }

  /** Begins to watch; the runner must have joined its bus. */
  start(): void {
    this.#stop.push(
      this.#runner.registry.onChange((record, change) => this.#registryChanged(record, change)),
      this.#runner.bus.membership.events.subscribe((event) => this.#happened(event)),
    );
  }

  stop(): void {
    for (const stop of this.#stop.splice(0)) stop();
  }

  registry(): RegistrySnapshot {
    const runners = [...this.#runner.registry.runners, ...this.#lost.values()];
    return { sequence: this.#registrySequence, wallMs: Date.now(), runners };
  }

  sessions(): SessionsSnapshot {
    return { sequence: this.#sessionsSequence, wallMs: Date.now(), sessions: this.#summaries.rows };
  }

  /** Null for a session that nobody here knows. */
  async events(sessionId: string): Promise<SessionEventsSnapshot | null> {
    const events = await this.#runner.bus.membership.events.read(sessionId);
    if (events.length === 0) return null;
    return { sequence: events.at(-1)?.sequence ?? 0, wallMs: Date.now(), events: [...events] };
  }

  onRegistry(listener: Listener<RegistryDelta>): () => void {
    this.#registryListeners.add(listener);
    return () => this.#registryListeners.delete(listener);
  }

  onSessions(listener: Listener<SessionsDelta>): () => void {
    this.#sessionsListeners.add(listener);
    return () => this.#sessionsListeners.delete(listener);
  }

  onEvents(sessionId: string, listener: Listener<SessionEvent>): () => void {
    const listeners = this.#eventListeners.get(sessionId) ?? new Set();
    this.#eventListeners.set(sessionId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#eventListeners.delete(sessionId);
    };
  }

  #registryChanged(record: RunnerRecord, change: RunnerChange): void {
    if (change === 'doubted') return; // its lease stands, and says what it says
    this.#registrySequence += 1;
    const stamp = { sequence: this.#registrySequence, wallMs: Date.now() };
    const delta: RegistryDelta =
      change === 'left'
        ? { ...stamp, removedRunner: record.incarnation }
        : { ...stamp, runner: change === 'lost' ? this.#keepLost(record) : record };
    if (change === 'changed') this.#lost.delete(record.incarnation);
    for (const listener of this.#registryListeners) listener(delta);
  }

  #keepLost(record: RunnerRecord): RunnerRecord {
    for (const [incarnation, { heartbeatWallMs }] of this.#lost) {
      if (Date.now() - heartbeatWallMs > keepLostMs) this.#lost.delete(incarnation);
    }
    const lost = { ...record, state: 'lost' as const };
    this.#lost.set(record.incarnation, lost);
    return lost;
  }

  #happened(event: SessionEvent): void {
    for (const listener of this.#eventListeners.get(event.sessionId) ?? []) listener(event);
    const session = this.#summaries.take(event);
    if (!session) return;
    this.#sessionsSequence += 1;
    const delta = { sequence: this.#sessionsSequence, wallMs: Date.now(), session };
    for (const listener of this.#sessionsListeners) listener(delta);
  }
}
