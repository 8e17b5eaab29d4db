import type { Lane } from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { nextId } from '../identity/random-id.ts';
import type { Envelope } from './envelope.ts';
import type { LinkTable } from './link-table.ts';
import type { LaneLinks, PeerLinks } from './peer-links.ts';

export interface AcknowledgerOptions {
  readonly links: LinkTable;
  readonly clock: Clock;
  readonly channel: string;
  readonly incarnation: string;
  readonly send: (envelope: Envelope) => void;
  /** One could not be sent: the message that it is for comes again, and asks for it. */
  readonly onDropped: () => void;
}

/** Alone on their way when nothing else carries them for this long. */
const acknowledgeAfterMs = 100;
/** A fast sender is answered before it has to pause, which it does after some 480 tokens. */
const acknowledgeEvery = 256;

/** Tells the other side of a link what was taken in: with the next message to it, or alone after 100 ms. */
export class Acknowledger {
  readonly #options: AcknowledgerOptions;
  #isClosed = false;

  constructor(options: AcknowledgerOptions) {
    this.#options = options;
  }

  later(links: PeerLinks, lane: Lane): void {
    const waiting = links.lane(lane);
    if (waiting.receiver.taken - waiting.acknowledged >= acknowledgeEvery) {
      this.send(links, lane, waiting.receiver.taken);
    } else {
      waiting.cancelAcknowledgement ??= this.#options.clock.after(acknowledgeAfterMs, () =>
        this.send(links, lane, waiting.receiver.taken),
      );
    }
  }

  /** The acknowledgement alone, also for a link that is not here any more. */
  send(
    { sessionId, incarnation }: Pick<PeerLinks, 'sessionId' | 'incarnation'>,
    lane: Lane,
    through: number,
  ): void {
    const { links, clock, channel } = this.#options;
    const known = links.find(sessionId, incarnation)?.lane(lane);
    if (known) this.carried(known);
    if (this.#isClosed) return;
    const message = {
      id: nextId('message'),
      kind: 'acknowledge',
      lane,
      channel,
      sessionId,
      source: { incarnation: this.#options.incarnation, worker: '' },
      target: { incarnation, worker: '' },
      wallMs: clock.wall(),
      epoch: 0,
      body: {},
    } as const;
    try {
      this.#options.send({ message, sequence: 0, acknowledged: through });
    } catch {
      this.#options.onDropped();
    }
  }

  /** A message that goes out has it in its header. */
  carried(links: LaneLinks): void {
    links.acknowledged = links.receiver.taken;
    links.cancelAcknowledgement?.();
    links.cancelAcknowledgement = undefined;
  }

  close(): void {
    this.#isClosed = true;
  }
}
