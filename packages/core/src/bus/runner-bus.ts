import {
  busKinds,
  kindsInParts,
  type BusBody,
  type BusKind,
  type RunnerRecord,
  type SessionEvent,
} from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { asVoicebusError, VoicebusError } from '../errors/voicebus-error.ts';
import { nextId } from '../identity/random-id.ts';
import { Acknowledger } from './acknowledger.ts';
import type { Bus, BusMembership, JoinOptions } from './bus.ts';
import { checkBody } from './codec.ts';
import type { Address, AnyBusMessage, BusMessage, Envelope } from './envelope.ts';
import { LinkTable } from './link-table.ts';
import { Mailbox, type Subscriber } from './mailbox.ts';
import { nobodyListens } from './backlog.ts';
import { Assembly, partsOf, PartsRoom } from './parts.ts';
import type { LaneLinks, PeerLinks } from './peer-links.ts';
import { LinkOutput } from './link-output.ts';

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

/**
 * A runner's end of the bus: what its workers send and receive with. Every message travels on a link;
 * one for a worker of this same runner never touches the broker.
 */
export class RunnerBus {
  readonly channel: string;
  readonly incarnation: string;
  /** `paused`: an answer waited because the other side did not take in what it had been sent. */
  readonly counters = { sent: 0, received: 0, dropped: 0, refused: 0, paused: 0 };
  readonly #options: RunnerBusOptions;
  readonly #links = new LinkTable();
  readonly #output: LinkOutput;
  readonly #acknowledger: Acknowledger;
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #partsRoom = new PartsRoom();
  #isLeaving = false;
  #membership: BusMembership | undefined;

  constructor(options: RunnerBusOptions) {
    this.#options = options;
    this.channel = options.bus.channel;
    this.incarnation = options.incarnation;
    const shared = {
      links: this.#links,
      clock: options.clock,
      incarnation: options.incarnation,
      send: (envelope: Envelope): void => this.membership.send(envelope),
    };
    this.#output = new LinkOutput(shared);
    this.#acknowledger = new Acknowledger({
      ...shared,
      channel: this.channel,
      onDropped: () => (this.counters.dropped += 1),
    });
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
        if (up && this.#membership) this.#output.resend(() => true);
      },
      onRoom: () => this.#output.hasRoom(),
      onInbox: (incarnation) => this.#output.resend((peer) => peer === incarnation),
    });
  }

  /** Somebody here depends on that process. Nobody doubts this one from inside. */
  watch(incarnation: string): () => void {
    return incarnation === this.incarnation ? () => {} : this.membership.watch(incarnation);
  }

  async leave(): Promise<void> {
    this.#isLeaving = true;
    this.#output.close();
    this.#acknowledger.close();
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
    try {
      this.#post(message, links);
    } catch (thrown) {
      if (!isCode(thrown, 'too-large') || !kindsInParts.has(options.kind)) throw thrown;
      const parts = partsOf(message);
      links.sender.reserve(parts.length);
      for (const part of parts) this.#post(part, links);
    }
    this.counters.sent += 1;
    this.#acknowledger.carried(links);
    return message.id;
  }

  /** Gives a message its number and sends it; its link keeps it until it is acknowledged. */
  #post(message: AnyBusMessage, links: LaneLinks): void {
    const now = this.#options.clock.now();
    const envelope = links.sender.wrap(message, links.receiver.taken, now);
    if (links.sender.unacknowledged.length === 1) links.progressed(now);
    if (message.target.incarnation === this.incarnation) {
      // A microtask later, so that a sender never runs inside its receiver.
      queueMicrotask(() => this.#receive(envelope));
      return;
    }
    try {
      this.#output.send(links, envelope);
    } catch (thrown) {
      links.sender.unwrap(envelope);
      throw thrown;
    }
  }

  /**
   * For whoever generates text: undefined while that side follows, otherwise a wait until it does. Tokens
   * of a session that are not taken in for 2 s, or 64 KB of them, mean that it does not. Resolves when
   * `signal` is aborted; rejects with `link-broken` after 30 s, with `closed` once the session is over.
   */
  whenDrained(
    sessionId: string,
    incarnation: string,
    signal: AbortSignal,
  ): Promise<void> | undefined {
    if (this.#isLeaving || this.#links.isEnded(sessionId)) return Promise.reject(nobodyListens());
    const links = this.#links.find(sessionId, incarnation)?.lane('ordered');
    const wait = links?.whenDrained(this.#options.clock, signal);
    if (wait) this.counters.paused += 1;
    return wait;
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
          this.#acknowledger.send(links, lane, receiver.taken);
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
    known?.heard();
    if (known?.lane(lane).sender.acknowledge(envelope.acknowledged)) {
      known.lane(lane).progressed(this.#options.clock.now());
      this.#links.settle(known);
    }
    if (envelope.sequence === 0) return;
    if (this.#links.isEnded(sessionId)) {
      this.counters.dropped += 1;
      // Otherwise its sender, which may not know yet, would send it again and again.
      if (source.incarnation !== this.incarnation)
        this.#acknowledger.send(
          { sessionId, incarnation: source.incarnation },
          lane,
          envelope.sequence,
        );
      return;
    }
    const links = this.#links.open(sessionId, source.incarnation);
    const { receiver, sender } = links.lane(lane);
    for (const { message: due, sequence } of receiver.take(envelope)) {
      const whole = due.kind === 'part' ? this.#assemble(links, due) : due;
      if (whole) this.#dispatch(whole, sequence);
    }
    if (source.incarnation === this.incarnation) sender.acknowledge(receiver.taken);
    else this.#acknowledger.later(links, lane);
  }

  /** The whole, with its last part. A worker that is not here yet is never opened by such a message. */
  #assemble(links: PeerLinks, part: BusMessage<'part'>): AnyBusMessage | undefined {
    if (!this.#mailboxes.has(`${part.sessionId}|${part.target.worker}`))
      return part.body.index + 1 === part.body.count ? part : undefined;
    const lane = links.lane(part.lane);
    if (lane.assembly?.messageId !== part.id) {
      lane.assembly?.drop();
      lane.assembly = new Assembly(part.id, this.#partsRoom);
    }
    try {
      return lane.assembly.add(part);
    } catch (thrown) {
      this.#refuse(part, asVoicebusError(thrown, 'bad-message', 'Its parts cannot be read'));
      return undefined;
    }
  }

  #dispatch(message: AnyBusMessage, sequence: number): void {
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
}

function isCode(thrown: unknown, code: VoicebusError['code']): boolean {
  return thrown instanceof VoicebusError && thrown.code === code;
}
