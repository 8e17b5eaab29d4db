/** What a transport agent's process holds, after a garbage collection. */
export interface ProbeSample {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
  readonly arrayBuffers: number;
  /** Used by the process since its start. */
  readonly cpuMs: number;
  /** Open handles, timers and requests of the event loop, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Of the main thread's time. */
export interface ProfileShare {
  readonly name: string;
  /** 0 to 1. */
  readonly share: number;
}
