/** To the sending thread. */
export type ToSendingThread =
  | {
      readonly type: 'open';
      readonly id: number;
      /** On loopback: where mediasoup listens. */
      readonly port: number;
      readonly memory: SharedArrayBuffer;
    }
  | { readonly type: 'close'; readonly id: number }
  | { readonly type: 'wake' };

/** From the sending thread. */
export type FromSendingThread =
  /** It sends from this port of loopback. */
  | { readonly type: 'ready'; readonly port: number }
  /** How late the packets of the last second were, in milliseconds. */
  | { readonly type: 'sent'; readonly latenessMs: Float32Array };

/** The one port of a first start is any; a thread that follows a broken one takes its port. */
export interface SendingThreadData {
  readonly port: number;
}

export const loopback = '127.0.0.1';

/** The clock that all threads of a process share; `performance.now()` begins with each of them. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
