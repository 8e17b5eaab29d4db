import type { Lane } from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { DrainWaits, isBehind } from './backlog.ts';
import { LinkReceiver, LinkSender } from './link.ts';
import type { Assembly } from './parts.ts';

/** Unacknowledged for this long: the way there lost it, or the way back. An acknowledgement takes 100 ms. */
const resendAfterMs = 1_000;
/** A peer that stays silent is asked less and less often, up to every 8 s. */
const maxDoublings = 3;
/** A minute without an answer: as long as a process that was cut off is waited for. */
const maxResends = 10;

/** Both directions of one lane between this runner and another, in one session. */
export class LaneLinks {
  readonly sender = new LinkSender();
  readonly receiver = new LinkReceiver();
  /** What the other side was told that we have taken in. */
  acknowledged = 0;
  /** Set while an acknowledgement waits for a message to ride on. */
  cancelAcknowledgement: (() => void) | undefined;
  /** A message that comes in parts, until its last. */
  assembly: Assembly | undefined;
  readonly #drainWaits = new DrainWaits();
  #progressMs = 0;
  #resends = 0;
  /** Of these, those since it last gave a sign of life. */
  #resendsUnheard = 0;

  /** Something went out, or was acknowledged: the wait for the rest begins anew. */
  progressed(nowMs: number): void {
    this.#progressMs = nowMs;
    this.#resends = 0;
    this.#resendsUnheard = 0;
    if (!isBehind(this.sender.backlog, nowMs)) this.#drainWaits.drained();
  }

  /** Undefined while the other side follows; else settles as `DrainWaits.wait` says. */
  whenDrained(clock: Clock, signal: AbortSignal): Promise<void> | undefined {
    if (!isBehind(this.sender.backlog, clock.now())) return undefined;
    return this.#drainWaits.wait(clock, signal);
  }

  close(): void {
    this.cancelAcknowledgement?.();
    this.cancelAcknowledgement = undefined;
    this.#drainWaits.close();
    this.assembly?.drop();
    this.assembly = undefined;
  }

  /**
   * The other side is there, whatever it has taken in: what was lost while it was not is sent again soon. It may
   * hold what came later, and wait for that.
   */
  heard(): void {
    this.#resendsUnheard = 0;
  }

  isOverdue(nowMs: number): boolean {
    if (this.sender.unacknowledged.length === 0) return false;
    const doublings = Math.min(this.#resendsUnheard, maxDoublings);
    return nowMs - this.#progressMs >= resendAfterMs * 2 ** doublings;
  }

  /** Sent again and again, and nobody answers. */
  get isHopeless(): boolean {
    return this.#resends >= maxResends && this.sender.unacknowledged.length > 0;
  }

  /** All of it is sent once more. */
  resent(nowMs: number): void {
    this.#progressMs = nowMs;
    this.#resends += 1;
    this.#resendsUnheard += 1;
  }
}

/** The links between this runner and another one in one session. */
export class PeerLinks {
  readonly sessionId: string;
  readonly incarnation: string;
  /** It asked for a worker of this session, as its owner does. */
  hasAsked = false;
  readonly #ordered = new LaneLinks();
  readonly #urgent = new LaneLinks();

  constructor(sessionId: string, incarnation: string) {
    this.sessionId = sessionId;
    this.incarnation = incarnation;
  }

  get lanes(): readonly LaneLinks[] {
    return [this.#urgent, this.#ordered];
  }

  /** For every message that comes. */
  heard(): void {
    this.#urgent.heard();
    this.#ordered.heard();
  }

  get hasSent(): boolean {
    return this.#ordered.sender.sequence > 0 || this.#urgent.sender.sequence > 0;
  }

  get isAcknowledged(): boolean {
    return this.lanes.every(({ sender }) => sender.unacknowledged.length === 0);
  }

  lane(lane: Lane): LaneLinks {
    return lane === 'urgent' ? this.#urgent : this.#ordered;
  }

  close(): void {
    for (const lane of this.lanes) lane.close();
  }
}
