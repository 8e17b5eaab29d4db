import type { Clock } from '../clock/clock.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { encodeEnvelope } from './codec.ts';
import type { Envelope } from './envelope.ts';
import type { LinkTable } from './link-table.ts';
import type { LaneLinks } from './peer-links.ts';

export interface LinkOutputOptions {
  readonly links: LinkTable;
  readonly clock: Clock;
  /** Of this runner: what it says to itself is never lost. */
  readonly incarnation: string;
  /** Throws `queue-full` when nothing more of that session goes out for now, and `too-large`. */
  readonly send: (envelope: Envelope) => void;
}

/** How often it is looked for what was not acknowledged in time. */
const checkMs = 500;

/**
 * Hands what is on the links to the bus: at once; when a bus that was full has room; and again, what was
 * not acknowledged, by itself after a silence and when a way is back.
 */
export class LinkOutput {
  readonly #options: LinkOutputOptions;
  /** Lanes that the bus had no room for, with the number of the first message that waits. */
  readonly #waiting = new Map<LaneLinks, number>();
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: LinkOutputOptions) {
    this.#options = options;
  }

  /** Throws for what never goes out, as `too-large`; a bus that is full is waited for. */
  send(lane: LaneLinks, envelope: Envelope): void {
    if (this.#waiting.has(lane)) {
      // Now, and not when it is its turn, is somebody there to hear that it cannot be sent.
      encodeEnvelope(envelope);
    } else this.#sendAll(lane, [envelope]);
    this.#watch();
  }

  /** The bus has room: those that wait take turns, until it is full again. */
  hasRoom(): void {
    for (const [lane, sequence] of [...this.#waiting]) this.#sendAgain(lane, sequence);
  }

  resend(isMeant: (incarnation: string, lane: LaneLinks) => boolean): void {
    if (this.#isClosed) return;
    const { links, clock, incarnation } = this.#options;
    const now = clock.now();
    for (const each of links.all()) {
      if (each.incarnation === incarnation) continue;
      for (const lane of each.lanes) {
        if (lane.sender.unacknowledged.length === 0 || !isMeant(each.incarnation, lane)) continue;
        lane.resent(now);
        this.#sendAgain(lane, 0);
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
    this.#waiting.clear();
  }

  /** While anything is unacknowledged, it is looked for what the way there or back has lost. */
  #watch(): void {
    if (this.#isClosed) return;
    const { clock, links, incarnation } = this.#options;
    this.#cancel ??= clock.after(checkMs, () => {
      this.#cancel = undefined;
      const now = clock.now();
      this.resend((_peer, lane) => lane.isOverdue(now));
      for (const each of [...links.all()]) links.settle(each);
      for (const each of links.all()) {
        if (each.isAcknowledged || each.incarnation === incarnation) continue;
        this.#watch();
        return;
      }
    });
  }

  /** From that number on, with the newest acknowledgement. */
  #sendAgain(lane: LaneLinks, sequence: number): void {
    this.#waiting.delete(lane);
    const { taken } = lane.receiver;
    const due = lane.sender.since(sequence);
    try {
      this.#sendAll(
        lane,
        due.map((envelope) => ({ ...envelope, acknowledged: taken })),
      );
    } catch {
      // It went out before: whatever is wrong now is no fault of it, and it is tried again after a while.
    }
  }

  #sendAll(lane: LaneLinks, envelopes: readonly Envelope[]): void {
    for (const envelope of envelopes) {
      try {
        this.#options.send(envelope);
      } catch (thrown) {
        if (!(thrown instanceof VoicebusError) || thrown.code !== 'queue-full') throw thrown;
        this.#waiting.set(lane, envelope.sequence);
        return;
      }
    }
  }
}
