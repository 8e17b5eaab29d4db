import {
  VoicebusError,
  type BusMembership,
  type Envelope,
  type EventPlane,
  type JoinOptions,
  type MediaPlane,
  type RecordStore,
} from '@voicebus/core';
import type { RunnerRecord } from '@voicebus/protocol';
import { withDeadline } from './connection/deadline.ts';
import { Line } from './connection/line.ts';
import { LinkState } from './connection/link-state.ts';
import { describePlace, type RedisPlace } from './connection/redis-place.ts';
import { Subscriber } from './connection/subscriber.ts';
import { Announcer } from './discovery/announcer.ts';
import { PeerWatch } from './discovery/peer-watch.ts';
import { RunnerDirectory } from './discovery/runner-directory.ts';
import { RedisEventPlane } from './events/redis-event-plane.ts';
import type { Keys } from './keys.ts';
import { RedisMediaPlane } from './media/redis-media-plane.ts';
import { RedisRecordStore } from './records/redis-record-store.ts';
import { InboxReader } from './session/inbox-reader.ts';
import { InboxWriter } from './session/inbox-writer.ts';
import { readPiece } from './session/piece.ts';

export interface RedisMembershipOptions extends JoinOptions {
  readonly place: RedisPlace;
  readonly keys: Keys;
  readonly onProblem: (what: string, thrown: unknown) => void;
}

/** A good-bye that takes longer is not worth the wait: the lease ends by itself. */
const goodbyeMs = 1_000;
/** Waiting does not mend these. */
const refusals = /^(WRONGPASS|NOAUTH|NOPERM|ERR unknown command)/;
const consequences = /^(Stream isn't writeable|Connection is closed|Cluster isn't ready)/;

/** One runner's place on a channel: four connections (a fifth for whoever looks at events), four planes. */
export class RedisMembership implements BusMembership {
  readonly store: RecordStore;
  readonly events: EventPlane;
  readonly media: MediaPlane;
  readonly #options: RedisMembershipOptions;
  readonly #link: LinkState;
  readonly #append: Line;
  readonly #inbox: Line;
  readonly #events: Line;
  readonly #notes: Subscriber;
  readonly #liveEvents: Subscriber;
  readonly #records: RedisRecordStore;
  readonly #mediaPlane: RedisMediaPlane;
  readonly #writer: InboxWriter;
  readonly #reader: InboxReader;
  readonly #announcer: Announcer;
  readonly #directory: RunnerDirectory;
  readonly #peerWatch: PeerWatch;
  readonly #joined = Promise.withResolvers<void>();
  #malformed = 0;
  #lastError: Error | undefined;
  #isOpen = false;
  #left: Promise<void> | undefined;

  constructor(options: RedisMembershipOptions) {
    this.#options = options;
    const { place, keys, incarnation } = options;
    const onError = (error: Error): void => this.#failed(error);
    this.#joined.promise.catch(() => {});
    this.#link = new LinkState((up) => this.#linkChanged(up));
    this.#append = new Line({
      place,
      purpose: 'append',
      onUp: () => this.#appendIsUp(),
      onDown: () => this.#link.set('append', false),
      onError,
    });
    this.#inbox = new Line({ place, purpose: 'inbox', onError });
    this.#events = new Line({ place, purpose: 'events', onError });
    this.#notes = new Subscriber({
      place,
      purpose: 'notes',
      onUp: () => this.#link.set('notes', true),
      onDown: () => this.#link.set('notes', false),
      onError,
    });
    this.#liveEvents = new Subscriber({ place, purpose: 'live-events', onError });
    const { client } = this.#append;
    const shared = { client, keys, incarnation, onError };
    this.#writer = new InboxWriter({
      ...shared,
      onFailed: (peer) => this.#options.onInbox?.(peer),
      onRoom: () => this.#options.onRoom?.(),
    });
    this.#announcer = new Announcer(shared);
    this.#directory = new RunnerDirectory({
      ...shared,
      onRecord: options.onRecord,
      onLeft: options.onLeft,
      onInbox: (peer, isNew) => {
        if (this.#writer.isBack(peer) || isNew) this.#options.onInbox?.(peer);
      },
      onGone: (peer) => this.#writer.forget(peer),
    });
    this.#peerWatch = new PeerWatch({
      ...shared,
      subscriber: this.#notes,
      onSuspect: (peer) => options.onSuspect?.(peer),
    });
    this.#reader = new InboxReader({
      reading: this.#inbox.client,
      trimming: client,
      key: keys.inbox(incarnation),
      onPiece: (bytes) => this.#read(bytes),
      onUp: (isNew) => {
        if (isNew) this.#announcer.inboxIsNew();
        this.#link.set('inbox', true);
      },
      onDown: () => this.#link.set('inbox', false),
      drop: () => this.#inbox.drop(),
      onError,
    });
    this.#records = new RedisRecordStore(client, keys);
    this.store = this.#records;
    this.#mediaPlane = new RedisMediaPlane({ ...shared, subscriber: this.#notes });
    this.media = this.#mediaPlane;
    this.events = new RedisEventPlane({
      client: this.#events.client,
      subscriber: this.#liveEvents,
      keys,
      incarnation,
    });
  }

  get malformed(): number {
    return this.#malformed + this.#directory.counters.malformed;
  }

  /** Resolves when everything that is needed stands; rejects with `link-broken`, and is closed then. */
  async open(timeoutMs: number): Promise<void> {
    void this.#notes.listen(this.#options.keys.notes, (bytes) => this.#directory.hear(bytes));
    this.#peerWatch.open();
    for (const each of [this.#append, this.#inbox, this.#events, this.#notes]) each.open();
    this.#reader.start();
    try {
      await withDeadline(this.#joined.promise, timeoutMs, 'Joining');
      this.#isOpen = true;
    } catch {
      const reason = this.#lastError ? `: ${explain(this.#lastError)}` : '';
      await this.#close();
      throw new VoicebusError(
        'link-broken',
        `Redis at ${describePlace(this.#options.place)} cannot be used${reason}. ` +
          'Start it, or correct its address, user and password.',
        { isRetryable: true, cause: this.#lastError, data: { timeoutMs } },
      );
    }
  }

  send(envelope: Envelope): void {
    this.#writer.send(envelope);
  }

  announce(record: RunnerRecord): void {
    this.#announcer.announce(record);
  }

  watch(incarnation: string): () => void {
    return this.#peerWatch.watch(incarnation);
  }

  records(): Promise<readonly RunnerRecord[]> {
    return this.#directory.readAll();
  }

  leave(): Promise<void> {
    this.#left ??= this.#leave();
    return this.#left;
  }

  async #leave(): Promise<void> {
    this.#directory.close();
    try {
      if (this.#link.isUp) await withDeadline(this.#announcer.leave(), goodbyeMs, 'The good-bye');
    } catch (thrown) {
      this.#options.onProblem('saying good-bye to Redis', thrown);
    }
    await this.#close();
  }

  async #close(): Promise<void> {
    this.#isOpen = false;
    this.#writer.close();
    this.#directory.close();
    this.#peerWatch.close();
    await this.#reader.close();
    for (const each of [this.#append, this.#inbox, this.#events]) each.close();
    for (const each of [this.#notes, this.#liveEvents]) each.close();
  }

  /** On a cluster it may be up already, and one node is back: what was sent there goes out again. */
  #appendIsUp(): void {
    if (this.#link.isUp) this.#linkChanged(true);
    else this.#link.set('append', true);
  }

  #linkChanged(up: boolean): void {
    if (this.#left) return;
    if (!up && this.#isOpen) {
      const missing = this.#link.missing.join(', ');
      this.#options.onProblem(`the link to Redis (${missing}) is down`, this.#lastError);
    }
    this.#writer.setUp(up);
    this.#mediaPlane.setUp(up);
    this.#announcer.setUp(up);
    this.#directory.setUp(up);
    this.#peerWatch.setUp(up);
    if (up) {
      this.#records.writeAgain().catch((error: Error) => this.#failed(error));
      this.#joined.resolve();
    }
    this.#options.onLink(up);
  }

  #read(bytes: Buffer): void {
    if (this.#left) return;
    readPiece(bytes, this.#options.keys.channel, {
      incarnation: this.#options.incarnation,
      onMessage: (envelope) => this.#take(envelope),
      onMalformed: () => (this.#malformed += 1),
    });
  }

  /** Whatever goes wrong with one message is no reason to lose the link. */
  #take(envelope: Envelope): void {
    try {
      this.#options.receive(envelope);
    } catch (thrown) {
      this.#options.onProblem(`taking a ${envelope.message.kind} message`, thrown);
    }
  }

  #failed(error: Error): void {
    // That it could not be used while it was down is not why it was.
    if (consequences.test(error.message)) return;
    this.#lastError = error;
    if (refusals.test(error.message)) this.#joined.reject(error);
  }
}

function explain(error: Error & { readonly code?: string }): string {
  return error.message || error.code || error.name;
}
