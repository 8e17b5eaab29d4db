import type { SessionEvent, SessionEventType } from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { nextId } from '../identity/random-id.ts';

type Stamp = 'id' | 'sequence' | 'atMs' | 'wallMs' | 'sessionId' | 'type';
type FieldsByType = {
  [Type in SessionEventType]: Omit<Extract<SessionEvent, { type: Type }>, Stamp>;
};

/** Stamps the events of one session and hands them on. Observers may lose events, they never block. */
export class SessionEvents {
  readonly sessionId: string;
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #publish: (event: SessionEvent) => void;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  #sequence = 0;

  constructor(sessionId: string, clock: Clock, publish: (event: SessionEvent) => void) {
    this.sessionId = sessionId;
    this.#clock = clock;
    this.#startedMs = clock.now();
    this.#publish = publish;
  }

  /** Milliseconds on this session's clock, which every event carries as `atMs`. */
  now(): number {
    return this.#clock.now() - this.#startedMs;
  }

  /** The session's time of an instant on the process's monotonic clock. */
  at(clockMs: number): number {
    return clockMs - this.#startedMs;
  }

  emit<Type extends SessionEventType>(type: Type, fields: FieldsByType[Type]): SessionEvent {
    this.#sequence += 1;
    const event = {
      id: nextId('event'),
      sequence: this.#sequence,
      atMs: this.now(),
      wallMs: this.#clock.wall(),
      sessionId: this.sessionId,
      type,
      ...fields,
    } as unknown as SessionEvent;
    this.#publish(event);
    for (const listener of this.#listeners) {
      // A listener cannot hurt a call: what it throws is its own loss.
      try {
        listener(event);
      } catch {
        continue;
      }
    }
    return event;
  }

  onEvent(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
