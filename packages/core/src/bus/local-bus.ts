import type { RunnerRecord, SessionEvent } from '@voicebus/protocol';
import type { Bus, BusMembership, EpochRecord, JoinOptions } from './bus.ts';
import { decodeEnvelope, encodeEnvelope } from './codec.ts';
import type { Envelope } from './envelope.ts';
import { LocalMedia } from './local-media.ts';
import { SessionEventStore } from './session-event-store.ts';

export interface LocalBusOptions {
  readonly channel?: string;
  /**
   * `reference` hands messages over as they are. `encoded` writes and reads every one as a wire would.
   * `frozen` hands over by reference and freezes, which finds who changes what it does not own.
   */
  readonly mode?: 'reference' | 'encoded' | 'frozen';
}

/** The bus inside one process. Any number of runners can share one. */
export class LocalBus implements Bus {
  readonly channel: string;
  readonly #mode: NonNullable<LocalBusOptions['mode']>;
  readonly #members = new Map<string, JoinOptions>();
  readonly #records = new Map<string, RunnerRecord>();
  readonly #unplugged = new Set<string>();
  readonly #store = new Map<string, EpochRecord>();
  readonly #events = new SessionEventStore();
  readonly #media = new LocalMedia();

  constructor(options: LocalBusOptions = {}) {
    this.channel = options.channel ?? 'voicebus';
    this.#mode = options.mode ?? 'reference';
  }

  join(options: JoinOptions): Promise<BusMembership> {
    const { incarnation } = options;
    this.#members.set(incarnation, options);
    options.onLink(true);
    const others = (): JoinOptions[] =>
      [...this.#members.values()].filter((member) => member.incarnation !== incarnation);
    return Promise.resolve({
      send: (envelope) => {
        if (this.#isReachable(incarnation)) this.#deliver(envelope);
      },
      announce: (record) => {
        if (!this.#isReachable(incarnation)) return;
        this.#records.set(incarnation, record);
        for (const member of others())
          if (this.#isReachable(member.incarnation)) member.onRecord(record);
      },
      watch: () => () => {},
      records: () => Promise.resolve([...this.#records.values()]),
      store: {
        get: (key) => Promise.resolve(this.#store.get(key) ?? null),
        compareAndSet: (key, expectedEpoch, next) => {
          if ((this.#store.get(key)?.epoch ?? 0) !== expectedEpoch) return Promise.resolve(false);
          this.#store.set(key, next);
          return Promise.resolve(true);
        },
        remove: (key) => {
          this.#store.delete(key);
          return Promise.resolve();
        },
      },
      malformed: 0,
      media: this.#media.plane(incarnation),
      events: {
        dropped: 0,
        publish: (event: SessionEvent) => this.#events.publish(event),
        read: (sessionId) => Promise.resolve(this.#events.read(sessionId)),
        subscribe: (listener) => this.#events.subscribe(listener),
      },
      leave: () => {
        const isHeard = this.#isReachable(incarnation);
        this.#members.delete(incarnation);
        this.#unplugged.delete(incarnation);
        this.#media.forget(incarnation);
        if (this.#records.delete(incarnation) && isHeard)
          for (const member of others())
            if (this.#isReachable(member.incarnation)) member.onLeft(incarnation);
        return Promise.resolve();
      },
    });
  }

  /**
   * As if that process had died: nothing reaches it or comes from it any more, and nobody is told. For
   * tests of what happens then.
   */
  cut(incarnation: string): void {
    this.#members.delete(incarnation);
    this.#records.delete(incarnation);
  }

  /**
   * The line of that process is down, and it knows: what is sent to it or by it meanwhile is lost on its way.
   * For tests of what happens when it comes back.
   */
  unplug(incarnation: string): void {
    const member = this.#members.get(incarnation);
    if (!member || this.#unplugged.has(incarnation)) return;
    this.#unplugged.add(incarnation);
    member.onLink(false);
  }

  /** Its line is up again. What was lost meanwhile is not repeated by the bus: its runner sends it again. */
  plugIn(incarnation: string): void {
    if (this.#unplugged.delete(incarnation)) this.#members.get(incarnation)?.onLink(true);
  }

  /** Everybody doubts that this process lives, rightly or not. For tests of what happens then. */
  doubt(incarnation: string): void {
    for (const member of this.#members.values())
      if (member.incarnation !== incarnation && this.#isReachable(member.incarnation))
        member.onSuspect?.(incarnation);
  }

  #isReachable(incarnation: string): boolean {
    return this.#members.has(incarnation) && !this.#unplugged.has(incarnation);
  }

  #deliver(envelope: Envelope): void {
    const { message } = envelope;
    if (message.channel !== this.channel) return;
    const handed = this.#pass(envelope);
    // A microtask later, as on a wire: a sender never runs inside its receiver.
    const { incarnation } = message.target;
    queueMicrotask(() => {
      if (this.#isReachable(incarnation)) this.#members.get(incarnation)?.receive(handed);
    });
  }

  #pass(envelope: Envelope): Envelope {
    switch (this.#mode) {
      case 'reference':
        return envelope;
      case 'encoded':
        return decodeEnvelope(encodeEnvelope(envelope));
      case 'frozen':
        return deepFreeze(envelope);
    }
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
