import { timestampDistance } from '../rtp/rtp-packet.ts';

/** Only the fastest packets tell when a sample was captured; of these many the fastest counts. */
const windowPackets = 250;
const rtpRateHz = 48_000;
/** No jitter: the microphone stood still (muted, a sleeping laptop), and its timestamps with it. */
const discontinuityMs = 1_000;

/**
 * When a packet's last sample was captured, on this process's clock: a packet leaves when it is full, and
 * jitter makes packets late, never early, so the fastest of the last ones fixes the offset between the two
 * clocks.
 */
export class CaptureClock {
  #firstTimestamp: number | null = null;
  #elapsedMs = 0;
  #lastTimestamp = 0;
  #offsets: number[] = [];

  /** `arrivedMs` on the process's clock. Gives the capture time of the packet's last sample. */
  captured(timestamp: number, arrivedMs: number): number {
    if (this.#firstTimestamp === null) this.#firstTimestamp = timestamp;
    else this.#elapsedMs += (timestampDistance(timestamp, this.#lastTimestamp) / rtpRateHz) * 1000;
    this.#lastTimestamp = timestamp;
    const offset = arrivedMs - this.#elapsedMs;
    if (offset - Math.min(...this.#offsets) > discontinuityMs) this.#offsets = [];
    this.#offsets.push(offset);
    if (this.#offsets.length > windowPackets) this.#offsets.shift();
    return Math.min(...this.#offsets) + this.#elapsedMs;
  }

  reset(): void {
    this.#firstTimestamp = null;
    this.#elapsedMs = 0;
    this.#offsets = [];
  }
}
