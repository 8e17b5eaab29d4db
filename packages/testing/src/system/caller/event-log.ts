import type { SessionEvent, SessionEventType } from '@voicebus/protocol';

export type EventOf<Type extends SessionEventType> = Extract<SessionEvent, { type: Type }>;

export interface UntilEventOptions<Type extends SessionEventType> {
  readonly where?: (event: EventOf<Type>) => boolean;
  /** Only events with a higher sequence. Default: any so far counts. */
  readonly after?: number;
  readonly limitMs?: number;
}

interface ReceivedEvent {
  readonly event: SessionEvent;
  /** On the caller's `performance.now()`. */
  readonly receivedMs: number;
}

/** A call's events as the page gets them, and waiting for one of them. */
export class EventLog {
  readonly #received: ReceivedEvent[] = [];
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  /** Events that came more than once; the first one counts. */
  duplicates = 0;

  take(events: readonly SessionEvent[]): void {
    for (const event of events) {
      if (event.sequence <= this.lastSequence) {
        this.duplicates += 1;
        continue;
      }
      this.#received.push({ event, receivedMs: performance.now() });
      for (const listener of this.#listeners) listener(event);
    }
  }

  get all(): readonly SessionEvent[] {
    return this.#received.map(({ event }) => event);
  }

  get received(): readonly ReceivedEvent[] {
    return this.#received;
  }

  /** To be given as `after`. */
  get lastSequence(): number {
    return this.#received.at(-1)?.event.sequence ?? 0;
  }

  of<Type extends SessionEventType>(type: Type): EventOf<Type>[] {
    return this.all.filter((event) => isOfType(event, type));
  }

  async until<Type extends SessionEventType>(
    type: Type,
    { where = () => true, after = -1, limitMs = 15_000 }: UntilEventOptions<Type> = {},
  ): Promise<EventOf<Type>> {
    const fits = (event: SessionEvent): event is EventOf<Type> =>
      isOfType(event, type) && event.sequence > after && where(event);
    const known = this.all.find(fits);
    if (known) return known;
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(listen);
      };
      const listen = (event: SessionEvent): void => {
        if (!fits(event)) return;
        stop();
        resolve(event);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`Waited ${limitMs} ms for the event ${type}.\n${this.describe()}`));
      }, limitMs);
      this.#listeners.add(listen);
    });
  }

  /** The conversation as it was said and heard, a line each. */
  describe(): string {
    const lines = new Map<string, string>();
    for (const event of this.all) {
      if (event.type === 'transcript-final') lines.set(event.messageId, `caller: ${event.text}`);
      else if (event.type === 'bot-text')
        lines.set(event.messageId, `${event.agent}: ${event.text}`);
      else if (event.type === 'problem') lines.set(event.id, `problem: ${event.message}`);
      else if (event.type === 'handoff-accepted') lines.set(event.id, `(to ${event.to})`);
    }
    return [...lines.values()].join('\n');
  }
}

function isOfType<Type extends SessionEventType>(
  event: SessionEvent,
  type: Type,
): event is EventOf<Type> {
  return event.type === type;
}
