import type { RunnerRecord, SessionEvent } from '@voicebus/protocol';
import type { Envelope } from './envelope.ts';
import type { MediaPlane } from './media-frame.ts';

export interface JoinOptions {
  /** Random per process start; names the inbox. */
  readonly incarnation: string;
  /** Session plane: envelopes for this incarnation, at least once, in order per link. */
  readonly receive: (envelope: Envelope) => void;
  /** Discovery plane: another runner announced itself or renewed, `ageMs` ago (0 when not said). */
  readonly onRecord: (record: RunnerRecord, ageMs?: number) => void;
  readonly onLeft: (incarnation: string) => void;
  /**
   * One that is watched does not listen, or does not answer. A doubt, told again while it lasts: only its
   * lease says that it is lost.
   */
  readonly onSuspect?: (incarnation: string) => void;
  /** The link to the broker is up or down. While it is down nobody may be declared lost. */
  readonly onLink: (up: boolean) => void;
  /** It takes messages again, after it was full (`queue-full`). */
  readonly onRoom?: () => void;
  /** That runner's inbox is new, or was out of reach: what it has not acknowledged has to be sent again. */
  readonly onInbox?: (incarnation: string) => void;
}

/** Owner and floor records: small, compare-and-set by epoch, without expiry. */
export interface RecordStore {
  get(key: string): Promise<EpochRecord | null>;
  /** Writes when the stored epoch is `expectedEpoch` (0: none stored); false otherwise. */
  compareAndSet(key: string, expectedEpoch: number, next: EpochRecord): Promise<boolean>;
  remove(key: string): Promise<void>;
}

export interface EpochRecord {
  readonly epoch: number;
  readonly holder: string;
}

/** Events plane: fire and forget, capped, never slows the other planes. */
export interface EventPlane {
  /** Events that could not be handed over; whoever reads sees the gaps in their sequence. */
  readonly dropped: number;
  publish(event: SessionEvent): void;
  /** What is still kept of a session, oldest first. */
  read(sessionId: string): Promise<readonly SessionEvent[]>;
  /** Events of the whole channel from now on. The returned function stops them. */
  subscribe(listener: (event: SessionEvent) => void): () => void;
}

/** One runner's place on a bus. */
export interface BusMembership {
  /**
   * Hands an envelope over; throws `queue-full` when the bus's bound is reached, and `too-large`. What it
   * refused as full is its sender's to send again: `onRoom` says when.
   */
  send(envelope: Envelope): void;
  /** Announces or renews this runner; others hear it. */
  announce(record: RunnerRecord): void;
  /** Somebody here depends on that runner from now on: `onSuspect` tells sooner than its lease. */
  watch(incarnation: string): () => void;
  /** Everyone announced at the moment. */
  records(): Promise<readonly RunnerRecord[]>;
  readonly store: RecordStore;
  readonly events: EventPlane;
  readonly media: MediaPlane;
  /** What came and could not be read; never anything of a message. */
  readonly malformed: number;
  /** Says good-bye and stops delivery. Idempotent. */
  leave(): Promise<void>;
}

/**
 * Port of a bus: four planes (session, media, discovery, events) between runners on one channel.
 * Adapters carry envelopes; links, order, dedupe and acknowledgement are the same for all of them.
 */
export interface Bus {
  /** An isolated address space: runners on different channels never hear each other. */
  readonly channel: string;
  join(options: JoinOptions): Promise<BusMembership>;
}
