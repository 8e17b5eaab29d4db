import {
  busKinds,
  type BusBody,
  type BusKind,
  type Lane,
  type SessionEvent,
} from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { nextId } from '../identity/random-id.ts';
import type { Bus, BusMembership, JoinOptions } from './bus.ts';
import { checkBody } from './codec.ts';
import type { Address, AnyBusMessage, Envelope } from './envelope.ts';
import { LinkReceiver, LinkSender } from './link.ts';
import { Mailbox, type Subscriber } from './mailbox.ts';

export interface SendOptions<Kind extends BusKind> {
  readonly kind: Kind;
  readonly sessionId: string;
  /** Name of the worker that sends. */
  readonly from: string;
  readonly to: Address;
  readonly body: BusBody<Kind>;
  readonly epoch?: number;
  readonly traceId?: string;
}

export interface RunnerBusOptions {
  readonly bus: Bus;
  readonly incarnation: string;
  readonly clock: Clock;
  /** A message for a worker that is not here: opens it, or says why not. */
  readonly onUnrouted: (message: AnyBusMessage) => Subscriber | VoicebusError;
  readonly onProblem: (message: AnyBusMessage, thrown: unknown) => void;
}

/** Alone on their way when nothing else carries them for this long. */
const acknowledgeAfterMs = 100;
/** Late messages of ended sessions are recognised and dropped; at about 100 bytes each, 1 MB. */
const maxEndedSessions = 10_000;

/**
 * A runner's end of the bus: what its workers send and receive with. Every message travels on a link;
 * one for a worker of this same runner never touches the broker.
 */
export class RunnerBus {
  readonly channel: string;
  readonly incarnation: string;
  readonly counters = { sent: 0, received: 0, dropped: 0, refused: 0 };
  readonly #options: RunnerBusOptions;
  readonly #senders = new Map<string, LinkSender>();
  readonly #receivers = new Map<string, LinkReceiver>();
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #acknowledgements = new Map<string, () => void>();
  readonly #ended = new Set<string>();
  #membership: BusMembership | undefined;

  constructor(options: RunnerBusOptions) {
    this.#options = options;
    this.channel = options.bus.channel;
    this.incarnation = options.incarnation;
  }

  get membership(): BusMembership {
    if (!this.#membership)
      throw new VoicebusError('not-attached', 'The runner has not joined its bus yet: call run().');
    return this.#membership;
  }

  /** Fire and forget: before the bus is joined there is nobody to hear it. */
  publish(event: SessionEvent): void {
    this.#membership?.events.publish(event);
  }

  async join(handlers: Pick<JoinOptions, 'onRecord' | 'onLeft' | 'onLink'>): Promise<void> {
    this.#membership = await this.#options.bus.join({
      incarnation: this.incarnation,
      receive: (envelope) => this.#receive(envelope),
      ...handlers,
    });
  }

  async leave(): Promise<void> {
    for (const cancel of this.#acknowledgements.values()) cancel();
    this.#acknowledgements.clear();
    for (const mailbox of this.#mailboxes.values()) mailbox.close();
    await this.#membership?.leave();
  }

  /** From now on messages for this worker of this session come here. Idempotent by worker and session. */
  subscribe(worker: string, sessionId: string, subscriber: Subscriber): () => void {
    const key = `${sessionId}|${worker}`;
    if (!this.#mailboxes.has(key)) {
      this.#mailboxes.set(key, new Mailbox(subscriber, this.#options.onProblem));
    }
    const mailbox = this.#mailboxes.get(key);
    return () => {
      if (this.#mailboxes.get(key) === mailbox) this.#mailboxes.delete(key);
      mailbox?.close();
    };
  }

  /** Sends; throws `bad-message`, `too-large` or `queue-full`. Returns the message's id. */
  send<Kind extends BusKind>(options: SendOptions<Kind>): string {
    checkBody(options.kind, options.body);
    const { lane } = busKinds[options.kind];
    const message = {
      id: nextId('message'),
      kind: options.kind,
      lane,
      channel: this.channel,
      sessionId: options.sessionId,
      source: { incarnation: this.incarnation, worker: options.from },
      target: options.to,
      wallMs: this.#options.clock.wall(),
      epoch: options.epoch ?? 0,
      ...(options.traceId === undefined ? {} : { traceId: options.traceId }),
      body: options.body,
    } as unknown as AnyBusMessage;
    const key = linkKey(options.to.incarnation, options.sessionId, lane);
    const envelope = this.#sender(key).wrap(message, this.#receivers.get(key)?.taken ?? 0);
    this.counters.sent += 1;
    this.#acknowledgements.get(key)?.();
    this.#acknowledgements.delete(key);
    if (options.to.incarnation === this.incarnation) {
      // A microtask later, so that a sender never runs inside its receiver.
      queueMicrotask(() => this.#receive(envelope));
    } else {
      this.membership.send(envelope);
    }
    return message.id;
  }

  /** Number of the last message on the ordered lane to this runner in this session. */
  orderedSequence(incarnation: string, sessionId: string): number {
    return this.#senders.get(linkKey(incarnation, sessionId, 'ordered'))?.sequence ?? 0;
  }

  /** Other runners that this one has sent to in a session. */
  peers(sessionId: string): string[] {
    const found = [...this.#senders.keys()].filter((key) => key.includes(`|${sessionId}|`));
    const incarnations = new Set(found.map((key) => key.slice(0, key.indexOf('|'))));
    incarnations.delete(this.incarnation);
    return [...incarnations];
  }

  /** The session is over: forget its links; what still comes is dropped and counted. */
  forgetSession(sessionId: string): void {
    this.#ended.add(sessionId);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= maxEndedSessions) break;
      this.#ended.delete(oldest);
    }
    for (const links of [this.#senders, this.#receivers]) {
      for (const key of links.keys()) if (key.includes(`|${sessionId}|`)) links.delete(key);
    }
    for (const [key, cancel] of this.#acknowledgements) {
      if (!key.includes(`|${sessionId}|`)) continue;
      cancel();
      this.#acknowledgements.delete(key);
    }
  }

  #sender(key: string): LinkSender {
    const sender = this.#senders.get(key) ?? new LinkSender();
    this.#senders.set(key, sender);
    return sender;
  }

  #receive(envelope: Envelope): void {
    const { message } = envelope;
    if (message.channel !== this.channel || message.target.incarnation !== this.incarnation) {
      this.counters.dropped += 1;
      return;
    }
    const key = linkKey(message.source.incarnation, message.sessionId, message.lane);
    this.#senders.get(key)?.acknowledge(envelope.acknowledged);
    if (message.kind === 'acknowledge') return;
    if (this.#ended.has(message.sessionId)) {
      this.counters.dropped += 1;
      return;
    }
    const receiver = this.#receivers.get(key) ?? new LinkReceiver();
    this.#receivers.set(key, receiver);
    for (const due of receiver.take(envelope)) this.#dispatch(due);
    if (message.source.incarnation === this.incarnation)
      this.#senders.get(key)?.acknowledge(receiver.taken);
    else this.#acknowledgeLater(key, message, receiver);
  }

  #dispatch({ message, sequence }: Envelope): void {
    this.counters.received += 1;
    let mailbox = this.#mailboxes.get(`${message.sessionId}|${message.target.worker}`);
    if (!mailbox) {
      const opened = this.#options.onUnrouted(message);
      if (opened instanceof VoicebusError) {
        this.#refuse(message, opened);
        return;
      }
      mailbox = this.#mailboxes.get(`${message.sessionId}|${message.target.worker}`);
    }
    if (!mailbox?.put({ message, sequence })) {
      this.#refuse(
        message,
        new VoicebusError('queue-full', `${message.target.worker} takes no more messages.`),
      );
    }
  }

  #refuse(message: AnyBusMessage, error: VoicebusError): void {
    this.counters.refused += 1;
    // Answering a refusal with a refusal would never end.
    if (message.kind === 'refused' || message.kind === 'session-ended') return;
    try {
      this.send({
        kind: 'refused',
        sessionId: message.sessionId,
        from: message.target.worker,
        to: message.source,
        body: { messageId: message.id, code: error.code, message: error.message },
      });
    } catch {
      // Somebody who sends and takes nothing in: nothing here waits for them.
      this.counters.dropped += 1;
    }
  }

  #acknowledgeLater(key: string, message: AnyBusMessage, receiver: LinkReceiver): void {
    if (this.#acknowledgements.has(key)) return;
    const cancel = this.#options.clock.after(acknowledgeAfterMs, () => {
      this.#acknowledgements.delete(key);
      this.membership.send({
        message: {
          ...message,
          id: nextId('message'),
          kind: 'acknowledge',
          source: message.target,
          target: message.source,
          wallMs: this.#options.clock.wall(),
          body: {},
        },
        sequence: 0,
        acknowledged: receiver.taken,
      });
    });
    this.#acknowledgements.set(key, cancel);
  }
}

function linkKey(incarnation: string, sessionId: string, lane: Lane): string {
  return `${incarnation}|${sessionId}|${lane}`;
}
