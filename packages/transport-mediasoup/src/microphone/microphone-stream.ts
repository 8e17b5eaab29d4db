import type { Clock } from '@voicebus/core';
import { OpusDecoder } from '../opus/opus-decoder.ts';
import { ReorderBuffer } from '../rtp/reorder-buffer.ts';
import { parseRtpPacket, timestampDistance, type RtpPacket } from '../rtp/rtp-packet.ts';
import { CaptureClock } from './capture-clock.ts';
import { SoundBudget } from './sound-budget.ts';

export interface MicrophoneStreamOptions {
  readonly clock: Clock;
  /** 16 kHz mono, gapless; `captureMs` of the last sample. */
  readonly onAudio: (pcm: Int16Array, captureMs: number) => void;
}

const sampleRateHz = 16_000;
const rtpRateHz = 48_000;

/** RTP of one microphone to gapless 16 kHz PCM: order, loss, gaps and the time of capture are settled here. */
export class MicrophoneStream {
  readonly #options: MicrophoneStreamOptions;
  readonly #decoder: OpusDecoder;
  readonly #clock = new CaptureClock();
  readonly #reorder: ReorderBuffer;
  readonly #budget: SoundBudget;
  #excess = 0;
  #ssrc: number | null = null;
  #expectedTimestamp: number | null = null;
  /** Of the last packet; all of a stream are of one length. */
  #packetMs = 20;
  #cancelFlush: (() => void) | undefined;
  #isClosed = false;

  private constructor(options: MicrophoneStreamOptions, decoder: OpusDecoder) {
    this.#options = options;
    this.#decoder = decoder;
    this.#budget = new SoundBudget(options.clock.now());
    this.#reorder = new ReorderBuffer({ deliver: (packet) => this.#decode(packet) });
  }

  static async create(options: MicrophoneStreamOptions): Promise<MicrophoneStream> {
    return new MicrophoneStream(options, await OpusDecoder.create());
  }

  /** What went wrong with packets so far. */
  get counters(): Readonly<Record<'late' | 'duplicate' | 'lost' | 'invalid' | 'excess', number>> {
    return { ...this.#reorder.counters, ...this.#decoder.counters, excess: this.#excess };
  }

  receive(bytes: Buffer): void {
    if (this.#isClosed) return;
    const packet = parseRtpPacket(bytes);
    if (!packet || packet.payload.length === 0) return;
    if (packet.ssrc !== this.#ssrc) this.#begin(packet.ssrc);
    this.#reorder.push(packet, this.#options.clock.now());
    this.#cancelFlush?.();
    // What waits behind a gap is due even if nothing more arrives.
    this.#cancelFlush = this.#options.clock.after(60, () =>
      this.#reorder.flush(this.#options.clock.now()),
    );
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelFlush?.();
    this.#decoder.close();
  }

  /** Another microphone: neither its timestamps nor its sequence have to do with the one before. */
  #begin(ssrc: number): void {
    this.#ssrc = ssrc;
    this.#expectedTimestamp = null;
    this.#clock.reset();
    this.#reorder.restart();
  }

  #decode({ payload, timestamp }: RtpPacket): void {
    if (!this.#budget.hasLeft(this.#options.clock.now())) {
      this.#excess += 1;
      return;
    }
    const endMs = this.#clock.captured(timestamp, this.#options.clock.now());
    const missing =
      this.#expectedTimestamp === null ? 0 : timestampDistance(timestamp, this.#expectedTimestamp);
    if (missing > 0) {
      const concealed = this.#decoder.conceal((missing / rtpRateHz) * 1000, payload);
      if (concealed.length > 0) this.#hear(concealed, endMs - this.#packetMs);
    }
    const pcm = this.#decoder.decode(payload);
    if (pcm.length > 0) this.#packetMs = (pcm.length / sampleRateHz) * 1000;
    this.#expectedTimestamp = (timestamp + pcm.length * (rtpRateHz / sampleRateHz)) >>> 0;
    if (pcm.length > 0) this.#hear(pcm, endMs);
  }

  #hear(pcm: Int16Array, captureMs: number): void {
    this.#budget.use((pcm.length / sampleRateHz) * 1000);
    this.#options.onAudio(pcm, captureMs);
  }
}
