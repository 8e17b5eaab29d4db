import type { BusBody, BusKind, Lane } from '@voicebus/protocol';

/** Where a worker lives: the process (by its incarnation), and its name in there. */
export interface Address {
  readonly incarnation: string;
  readonly worker: string;
}

/** What one worker says to another. Everything but `link` is the sender's; the link is the bus's. */
export interface BusMessage<Kind extends BusKind = BusKind> {
  readonly id: string;
  readonly kind: Kind;
  readonly lane: Lane;
  readonly channel: string;
  readonly sessionId: string;
  readonly source: Address;
  readonly target: Address;
  /** Milliseconds since the epoch at the sender. */
  readonly wallMs: number;
  /** The floor's epoch that the sender acts under; only floor acts are judged by it. */
  readonly epoch: number;
  readonly traceId?: string;
  readonly body: BusBody<Kind>;
}

/** A message of one kind or another, narrowed by `kind`. */
export type AnyBusMessage = { [Kind in BusKind]: BusMessage<Kind> }[BusKind];

/** A message on its link: (sender incarnation, receiver incarnation, session, lane). */
export interface Envelope {
  readonly message: AnyBusMessage;
  /** Counts up by one per link, from 1. 0 on a bare acknowledgement, which is not acknowledged itself. */
  readonly sequence: number;
  /** The receiver's side of the same session and lane has been taken in up to here. */
  readonly acknowledged: number;
}
