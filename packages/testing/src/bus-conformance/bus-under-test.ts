import type { Bus } from '@voicebus/core';

/** What can be done to the broker of a bus, and to the way there. */
export interface BrokerFaults {
  /** Every connection ends and none can be made, until it is mended. */
  cut(): void;
  /** Nothing passes and nobody is told, until it is mended. */
  freeze(): void;
  mend(): void;
  /** Killed with everything that it knew, and started again that much later. Resolves when it answers. */
  restart(downMs: number): Promise<void>;
  /** Puts bytes that are no messages into the inbox of a process. */
  putGarbage(channel: string, incarnation: string): Promise<void>;
}

/** A kind of bus, ready to be put to the test. */
export interface BusUnderTest {
  /** A bus as a process of its own makes it; those of one channel meet. */
  connect(channel: string): Bus;
  /** Null for a bus inside one process, which has nothing that could fail. */
  readonly faults: BrokerFaults | null;
  close(): Promise<void>;
}
