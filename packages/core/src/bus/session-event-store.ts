import type { SessionEvent } from '@voicebus/protocol';

/** As in the capped stream of a network bus: a call of 30 minutes has about 3,000 events. */
const maxEventsPerSession = 5_000;
/** What is kept of ended sessions: an hour of a busy day on one machine. */
const keepEndedMs = 3_600_000;
const maxSessions = 1_000;

/** Events of the sessions on a local bus, for those who look at them later. */
export class SessionEventStore {
  readonly #sessions = new Map<string, SessionEvent[]>();
  readonly #ended = new Map<string, number>();
  readonly #listeners = new Set<(event: SessionEvent) => void>();

  publish(event: SessionEvent): void {
    let events = this.#sessions.get(event.sessionId);
    if (!events) {
      this.#sweep(event.wallMs);
      events = [];
      this.#sessions.set(event.sessionId, events);
    }
    events.push(event);
    if (events.length > maxEventsPerSession) events.splice(0, events.length - maxEventsPerSession);
    if (event.type === 'session-ended') this.#ended.set(event.sessionId, event.wallMs);
    for (const listener of this.#listeners) {
      // A listener cannot hurt a call: what it throws is its own loss.
      try {
        listener(event);
      } catch {
        continue;
      }
    }
  }

  read(sessionId: string): readonly SessionEvent[] {
    return [...(this.#sessions.get(sessionId) ?? [])];
  }

  subscribe(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #sweep(nowWallMs: number): void {
    for (const [sessionId, endedAt] of this.#ended) {
      if (nowWallMs - endedAt < keepEndedMs && this.#sessions.size < maxSessions) continue;
      this.#ended.delete(sessionId);
      this.#sessions.delete(sessionId);
    }
  }
}
