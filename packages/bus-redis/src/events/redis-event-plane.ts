import type { EventPlane } from '@voicebus/core';
import { sessionEventSchema, type SessionEvent } from '@voicebus/protocol';
import type { Subscriber } from '../connection/subscriber.ts';
import { parseJson } from '../discovery/note.ts';
import type { Keys } from '../keys.ts';
import type { Client } from '../scripts.ts';

export interface RedisEventPlaneOptions {
  /** Of its own, so that events never stand before a message. */
  readonly client: Client;
  /** Opened when somebody wants to see events. */
  readonly subscriber: Subscriber;
  readonly keys: Keys;
  readonly incarnation: string;
}

/** A call of 30 minutes has about 3,000. */
const maxEventsPerSession = 5_000;
const keepEndedMs = 3_600_000;
/** Of a session whose owner died without ending it. */
const keepOpenMs = 24 * 3_600_000;
/** On their way to Redis: a second of 100 busy sessions. */
const maxUnderWay = 1_000;

/** What the pages show: never waited for, never sent again; what does not fit is dropped and counted. */
export class RedisEventPlane implements EventPlane {
  readonly #options: RedisEventPlaneOptions;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  #underWay = 0;
  #dropped = 0;
  #isHearing = false;

  constructor(options: RedisEventPlaneOptions) {
    this.#options = options;
  }

  get dropped(): number {
    return this.#dropped;
  }

  publish(event: SessionEvent): void {
    // Ours are seen here also while Redis is away.
    this.#tell(event);
    const { client, keys, incarnation } = this.#options;
    if (this.#underWay >= maxUnderWay) {
      this.#dropped += 1;
      return;
    }
    const text = JSON.stringify(event);
    this.#underWay += 1;
    client
      .voicebusEvent(
        keys.events(event.sessionId),
        text,
        maxEventsPerSession,
        keepOpenMs,
        keepEndedMs,
        event.type === 'session-ended' ? 1 : 0,
        keys.liveEvents,
        `${incarnation} ${text}`,
      )
      .catch(() => (this.#dropped += 1))
      .finally(() => (this.#underWay -= 1));
  }

  /** Rejects when Redis does not answer. */
  async read(sessionId: string): Promise<readonly SessionEvent[]> {
    const { client, keys } = this.#options;
    const entries = await client.xrange(keys.events(sessionId), '-', '+');
    return entries.flatMap(([, fields]) => {
      const parsed = sessionEventSchema.safeParse(parseJson(fields[1] ?? ''));
      return parsed.success ? [parsed.data] : [];
    });
  }

  subscribe(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    if (!this.#isHearing) {
      this.#isHearing = true;
      const { subscriber, keys } = this.#options;
      void subscriber.listen(keys.liveEvents, (message) => this.#hear(message));
      subscriber.open();
    }
    return () => this.#listeners.delete(listener);
  }

  #hear(message: Buffer): void {
    const space = message.indexOf(' ');
    if (message.toString('utf8', 0, space) === this.#options.incarnation) return;
    const parsed = sessionEventSchema.safeParse(parseJson(message.subarray(space + 1)));
    if (parsed.success) this.#tell(parsed.data);
    else this.#dropped += 1;
  }

  #tell(event: SessionEvent): void {
    for (const listener of this.#listeners) {
      // A listener cannot hurt a call: what it throws is its own loss.
      try {
        listener(event);
      } catch {
        continue;
      }
    }
  }
}
