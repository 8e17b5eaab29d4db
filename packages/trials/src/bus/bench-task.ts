export type Plane = 'media' | 'session';
export type Kind = 'audio' | 'token' | 'activation';
export type Rate = 50 | 1_000 | 5_000 | 'max';

/** One round of traffic in one direction, between two processes. */
export interface BenchTask {
  /** Raw is ioredis' publish and subscribe of as many bytes. */
  readonly way: 'ours' | 'raw';
  readonly plane: Plane;
  readonly kind: Kind;
  readonly rate: number | 'max';
  readonly count: number;
  /** Spread over this many sessions. */
  readonly sessions: number;
}

export interface SentFigures {
  readonly cpuUs: number;
  /** Written to Redis, of everything that the process has open there. */
  readonly bytes: number;
}

export interface ReceivedFigures {
  readonly received: number;
  readonly cpuUs: number;
  readonly p50Us: number;
  /** From the first sent to the last received. */
  readonly elapsedMs: number;
}

/** Ends of the bench's traffic, as long as real ones. */
export const incarnations = {
  sender: 'bench-sender-000000000',
  receiver: 'bench-receiver-0000000',
};
export const channel = 'bench';

export function sessionName(index: number): string {
  return `bench-session-${String(index).padStart(8, '0')}`;
}

/** The same clock in both processes, in milliseconds with their fractions. */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
