import {
  busKinds,
  type BusBody,
  type BusKind,
  type Lane,
  type RunnerRecord,
  type SessionEvent,
} from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { nextId } from '../identity/random-id.ts';
import type { Bus, BusMembership, JoinOptions } from './bus.ts';
import { checkBody } from './codec.ts';
import type { Address, AnyBusMessage, Envelope } from './envelope.ts';
import { LinkTable } from './link-table.ts';
import { Mailbox, type Subscriber } from './mailbox.ts';
import type { LaneLinks, PeerLinks } from './peer-links.ts';

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
/** A fast sender is answered before it reaches its bound of 4,096. */
const acknowledgeEvery = 512;
/** How often it is looked for what was not acknowledged in time. */
const resendCheckMs = 500;

/**
 * A runner's end of the bus: what its workers send and receive with. Every message travels on a link;
 * one for a worker of this same runner never touches the broker.
 */
export class RunnerBus {
  readonly channel: string;
  readonly incarnation: string;
  readonly counters = { sent: 0, received: 0, dropped: 0, refused: 0 };
  readonly #options: RunnerBusOptions;
  readonly #links = new LinkTable();
  readonly #mailboxes = new Map<string, Mailbox>();
  #cancelResend: (() => void) | undefined;
  #isLeaving = false;
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

  /** What others see of this runner; before the bus is joined there is nobody to hear it. */
  announce(record: RunnerRecord): void {
    this.#membership?.announce(record);
  }

  async join(
    handlers: Pick<JoinOptions, 'onRecord' | 'onLeft' | 'onLink' | 'onSuspect'>,
  ): Promise<void> {
    this.#membership = await this.#options.bus.join({
      incarnation: this.incarnation,
      receive: (envelope) => this.#receive(envelope),
      onRecord: handlers.onRecord,
      onLeft: handlers.onLeft,
      ...(handlers.onSuspect ? { onSuspect: handlers.onSuspect } : {}),
      onLink: (up) => {
        handlers.onLink(up);
        if (up) this.#resend(() => true);
      },
      onInbox: (incarnation) => this.#resend((peer) => peer === incarnation),
    });
  }

  /** Somebody here depends on that process. Nobody doubts this one from inside. */
  watch(incarnation: string): () => void {
    return incarnation === this.incarnation ? () => {} : this.membership.watch(incarnation);
  }

  async leave(): Promise<void> {
    this.#isLeaving = true;
    this.#cancelResend?.();
    this.#links.close();
    for (const mailbox of this.#mailboxes.values()) mailbox.close();
    await this.#membership?.leave();
  }

  /** From now on messages for this worker of this session come here. Idempotent by worker and session. */
  subscribe(worker: string, sessionId: string, subscriber: Subscriber): () => void {
    const key = `${sessionId}|${worker}`;
    if (!this.#mailboxes.has(key)) {
      this.#mailboxes.set(key, new Mailbox(subscriber, this.#options.onProblem));
      this.#links.serve(sessionId, 1);
    }
    const mailbox = this.#mailboxes.get(key);
    return () => {
      if (this.#mailboxes.get(key) === mailbox && this.#mailboxes.delete(key))
        this.#links.serve(sessionId, -1);
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
    const links = this.#links.open(options.sessionId, options.to.incarnation).lane(lane);
    const envelope = links.sender.wrap(message, links.receiver.taken);
    if (links.sender.unacknowledged.length === 1) links.progressed(this.#options.clock.now());
    if (options.to.incarnation === this.incarnation) {
      // A microtask later, so that a sender never runs inside its receiver.
      queueMicrotask(() => this.#receive(envelope));
    } else {
      try {
        this.membership.send(envelope);
      } catch (thrown) {
        links.sender.unwrap(envelope);
        throw thrown;
      }
      this.#watchForSilence();
    }
    this.counters.sent += 1;
    this.#acknowledged(links);
    return message.id;
  }

  /** Number of the last message on the ordered lane to this runner in this session. */
  orderedSequence(incarnation: string, sessionId: string): number {
    return this.#links.find(sessionId, incarnation)?.lane('ordered').sender.sequence ?? 0;
  }

  /** Other runners that this one has sent to in a session. */
  peers(sessionId: string): string[] {
    return this.#links
      .ofSession(sessionId)
      .filter(({ incarnation, hasSent }) => hasSent && incarnation !== this.incarnation)
      .map(({ incarnation }) => incarnation);
  }

  /** Whether that process is one that asked for workers of this session: only such a one may end it. */
  hasAsked(sessionId: string, incarnation: string): boolean {
    return this.#links.find(sessionId, incarnation)?.hasAsked ?? false;
  }

  /** The session is over: what still comes is dropped and counted; last words still get through. */
  forgetSession(sessionId: string): void {
    for (const links of this.#links.ofSession(sessionId)) {
      for (const lane of ['urgent', 'ordered'] as const) {
        const { receiver, acknowledged } = links.lane(lane);
        if (receiver.taken > acknowledged && links.incarnation !== this.incarnation)
          this.#acknowledge(links, lane, receiver.taken);
      }
    }
    this.#links.end(sessionId);
  }

  #receive(envelope: Envelope): void {
    const { message } = envelope;
    if (message.channel !== this.channel || message.target.incarnation !== this.incarnation) {
      this.counters.dropped += 1;
      return;
    }
    const { sessionId, source, lane } = message;
    const known = this.#links.find(sessionId, source.incarnation);
    if (known?.lane(lane).sender.acknowledge(envelope.acknowledged)) {
      known.lane(lane).progressed(this.#options.clock.now());
      this.#links.settle(known);
    }
    if (envelope.sequence === 0) return;
    if (this.#links.isEnded(sessionId)) {
      this.counters.dropped += 1;
      // Otherwise its sender, which may not know yet, would send it again and again.
      if (source.incarnation !== this.incarnation)
        this.#acknowledge({ sessionId, incarnation: source.incarnation }, lane, envelope.sequence);
      return;
    }
    const links = this.#links.open(sessionId, source.incarnation);
    const { receiver, sender } = links.lane(lane);
    for (const due of receiver.take(envelope)) this.#dispatch(due);
    if (source.incarnation === this.incarnation) sender.acknowledge(receiver.taken);
    else this.#acknowledgeLater(links, lane);
  }

  #dispatch({ message, sequence }: Envelope): void {
    if (message.kind === 'acknowledge') {
      // It has a number and could not be read: it is skipped, so that those behind it are not held up.
      this.counters.dropped += 1;
      return;
    }
    this.counters.received += 1;
    if (message.kind === 'prepare')
      this.#links.open(message.sessionId, message.source.incarnation).hasAsked = true;
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

  #acknowledgeLater(links: PeerLinks, lane: Lane): void {
    const waiting = links.lane(lane);
    if (waiting.receiver.taken - waiting.acknowledged >= acknowledgeEvery) {
      this.#acknowledge(links, lane, waiting.receiver.taken);
    } else {
      waiting.cancelAcknowledgement ??= this.#options.clock.after(acknowledgeAfterMs, () =>
        this.#acknowledge(links, lane, waiting.receiver.taken),
      );
    }
  }

  /** The acknowledgement alone. When it is lost, the message that it is for comes again and asks for it. */
  #acknowledge(
    to: Pick<PeerLinks, 'sessionId' | 'incarnation'>,
    lane: Lane,
    through: number,
  ): void {
    const links = this.#links.find(to.sessionId, to.incarnation)?.lane(lane);
    if (links) this.#acknowledged(links);
    if (this.#isLeaving) return;
    const message = {
      id: nextId('message'),
      kind: 'acknowledge',
      lane,
      channel: this.channel,
      sessionId: to.sessionId,
      source: { incarnation: this.incarnation, worker: '' },
      target: { incarnation: to.incarnation, worker: '' },
      wallMs: this.#options.clock.wall(),
      epoch: 0,
      body: {},
    } as const;
    try {
      this.membership.send({ message, sequence: 0, acknowledged: through });
    } catch {
      this.counters.dropped += 1;
    }
  }

  #acknowledged(links: LaneLinks): void {
    links.acknowledged = links.receiver.taken;
    links.cancelAcknowledgement?.();
    links.cancelAcknowledgement = undefined;
  }

  /** While anything is unacknowledged, it is looked for what the way there or back has lost. */
  #watchForSilence(): void {
    if (this.#isLeaving) return;
    this.#cancelResend ??= this.#options.clock.after(resendCheckMs, () => {
      this.#cancelResend = undefined;
      const now = this.#options.clock.now();
      this.#resend((_peer, lane) => lane.isOverdue(now));
      for (const links of this.#links.all()) {
        if (links.isAcknowledged || links.incarnation === this.incarnation) continue;
        this.#watchForSilence();
        return;
      }
    });
  }

  #resend(isMeant: (incarnation: string, lane: LaneLinks) => boolean): void {
    if (!this.#membership || this.#isLeaving) return;
    const now = this.#options.clock.now();
    try {
      for (const links of this.#links.all()) {
        if (links.incarnation === this.incarnation) continue;
        for (const lane of links.lanes) {
          if (lane.sender.unacknowledged.length === 0 || !isMeant(links.incarnation, lane))
            continue;
          for (const envelope of lane.resend(now)) this.#membership.send(envelope);
        }
      }
    } catch {
      // The bus is full for now: the rest goes when it is looked for the next time.
    }
  }
}
