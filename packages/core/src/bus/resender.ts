import type { Clock } from '../clock/clock.ts';
import type { Envelope } from './envelope.ts';
import type { LinkTable } from './link-table.ts';
import type { LaneLinks } from './peer-links.ts';

export interface ResenderOptions {
  readonly links: LinkTable;
  readonly clock: Clock;
  /** Of this runner: what it says to itself is never lost. */
  readonly incarnation: string;
  /** Throws `queue-full` when nothing more of that session goes out for now. */
  readonly send: (envelope: Envelope) => void;
}

/** How often it is looked for what was not acknowledged in time. */
const checkMs = 500;

/** Sends again what was not acknowledged: by itself after a silence, and when a way is back. */
export class Resender {
  readonly #options: ResenderOptions;
  #cancel: (() => void) | undefined;
  #isClosed = false;

  constructor(options: ResenderOptions) {
    this.#options = options;
  }

  /** While anything is unacknowledged, it is looked for what the way there or back has lost. */
  watch(): void {
    if (this.#isClosed) return;
    const { clock, links, incarnation } = this.#options;
    this.#cancel ??= clock.after(checkMs, () => {
      this.#cancel = undefined;
      const now = clock.now();
      this.resend((_peer, lane) => lane.isOverdue(now));
      for (const each of [...links.all()]) links.settle(each);
      for (const each of links.all()) {
        if (each.isAcknowledged || each.incarnation === incarnation) continue;
        this.watch();
        return;
      }
    });
  }

  resend(isMeant: (incarnation: string, lane: LaneLinks) => boolean): void {
    if (this.#isClosed) return;
    const { links, clock, incarnation } = this.#options;
    const now = clock.now();
    for (const each of links.all()) {
      if (each.incarnation === incarnation) continue;
      for (const lane of each.lanes) {
        if (lane.sender.unacknowledged.length > 0 && isMeant(each.incarnation, lane))
          this.#resendLane(lane.resend(now));
      }
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #resendLane(envelopes: readonly Envelope[]): void {
    try {
      for (const envelope of envelopes) this.#options.send(envelope);
    } catch {
      // The bus is full for now: the rest goes when it is looked for the next time.
    }
  }
}
