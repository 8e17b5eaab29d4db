import type { types } from 'mediasoup';

/** mediasoup's own parameter objects, as they cross the wire. */
export type MediaParameters = Record<string, unknown>;

/** `connected`: packets reach the caller and come from them. */
export type PathState = 'connected' | 'disconnected';

export interface CallerTransportEvents {
  readonly onState: (state: PathState) => void;
  /** From now on what is sent reaches the caller; before, it is lost. */
  readonly onWay: () => void;
}

/** One of a caller's transports, whichever way their packets come. */
export interface CallerTransport {
  readonly transport: types.WebRtcTransport | types.PlainTransport;
  /** What the caller is told of it. */
  readonly parameters: MediaParameters;
  readonly hasWay: () => boolean;
  readonly connect: (dtlsParameters: MediaParameters) => Promise<void>;
  /** A packet of the caller's microphone came. */
  readonly heard: () => void;
  readonly close: () => void;
}
