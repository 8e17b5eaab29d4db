import { createDecoder, type OpusDecoderHandle } from 'libopus-wasm';

export interface HeardPacket {
  /** On `performance.now()`. */
  readonly arrivedMs: number;
  readonly wallMs: number;
  readonly rtpTimestamp: number;
  readonly sequence: number;
  readonly marker: boolean;
  /** 16 kHz mono. */
  readonly pcm: Int16Array;
  /** Root mean square, 0 to 1. */
  readonly level: number;
}

/** −50 dBFS: Opus makes a little noise of silence. */
export const audibleLevel = 0.003;

/** Everything that came out of the loudspeaker, packet by packet; nothing is buffered or smoothed. */
export class HeardSound {
  readonly packets: HeardPacket[] = [];
  readonly #decoder: OpusDecoderHandle;
  readonly #listeners = new Set<(packet: HeardPacket) => void>();
  #isClosed = false;

  private constructor(decoder: OpusDecoderHandle) {
    this.#decoder = decoder;
  }

  static async create(): Promise<HeardSound> {
    return new HeardSound(await createDecoder({ sampleRate: 16_000, channels: 1 }));
  }

  receive(
    header: { timestamp: number; sequenceNumber: number; marker: boolean },
    payload: Buffer,
  ): void {
    if (this.#isClosed) return;
    const pcm = this.#decoder.decode(payload);
    const packet = {
      arrivedMs: performance.now(),
      wallMs: Date.now(),
      rtpTimestamp: header.timestamp,
      sequence: header.sequenceNumber,
      marker: header.marker,
      pcm,
      level: levelOf(pcm),
    };
    this.packets.push(packet);
    for (const listener of this.#listeners) listener(packet);
  }

  get last(): HeardPacket | undefined {
    return this.packets.at(-1);
  }

  /** When the last audible packet came; `-Infinity` before the first. */
  get lastAudibleMs(): number {
    return this.packets.findLast(({ level }) => level >= audibleLevel)?.arrivedMs ?? -Infinity;
  }

  /** The first audible packet that came after this instant. */
  firstAudibleAfter(afterMs: number): HeardPacket | undefined {
    return this.packets.find(
      ({ arrivedMs, level }) => arrivedMs > afterMs && level >= audibleLevel,
    );
  }

  onPacket(listener: (packet: HeardPacket) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** 16 kHz mono of what arrived in this time, with its pauses, by RTP timestamp. */
  recording(fromMs = -Infinity, toMs = Infinity): Int16Array {
    const packets = this.packets.filter(({ arrivedMs }) => arrivedMs >= fromMs && arrivedMs < toMs);
    const [first, last] = [packets[0], packets.at(-1)];
    if (!first || !last) return new Int16Array(0);
    const offsetOf = (timestamp: number): number =>
      Math.round(((timestamp - first.rtpTimestamp) | 0) / 3);
    const whole = new Int16Array(Math.max(0, offsetOf(last.rtpTimestamp)) + last.pcm.length);
    for (const { rtpTimestamp, pcm } of packets) {
      const offset = offsetOf(rtpTimestamp);
      if (offset >= 0 && offset + pcm.length <= whole.length) whole.set(pcm, offset);
    }
    return whole;
  }

  close(): void {
    this.#isClosed = true;
    this.#decoder.free();
  }
}

export function levelOf(pcm: Int16Array): number {
  if (pcm.length === 0) return 0;
  let sum = 0;
  for (const sample of pcm) sum += (sample / 32_768) ** 2;
  return Math.sqrt(sum / pcm.length);
}
