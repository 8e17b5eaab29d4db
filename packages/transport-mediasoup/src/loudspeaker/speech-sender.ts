import { randomInt } from 'node:crypto';
import type { PlayoutFrame } from '@voicebus/core';
import { OpusEncoder } from '../opus/opus-encoder.ts';
import { writeRtpPacket } from '../rtp/rtp-packet.ts';

export interface SpeechSenderOptions {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly send: (packet: Buffer) => void;
}

/** Of Opus at 48 kHz: 20 ms. */
export const timestampStep = 960;
/** Lets the browser's concealment run out in silence instead of stretching the last sound. */
const trailingFrames = 5;
/** Keeps the path and the jitter buffer warm: one packet per 400 ms of silence. */
const keepAliveTicks = 20;

/**
 * Turns played-out frames into RTP. The timestamp follows the session's clock, also across pauses, so
 * that a timestamp says when something was played.
 */
export class SpeechSender {
  readonly #options: SpeechSenderOptions;
  readonly #encoder = new OpusEncoder();
  #sequence = randomInt(0x10000);
  #timestamp = randomInt(0x8000_0000);
  #silentTicks = 0;
  #isSpurt = false;
  #isOpening = false;
  #isClosed = false;

  constructor(options: SpeechSenderOptions) {
    this.#options = options;
  }

  async open(sampleRateHz: number): Promise<void> {
    await this.#encoder.prepare(sampleRateHz);
    if (this.#isClosed) this.#encoder.close();
  }

  /** What the next packet carries. */
  get timestamp(): number {
    return this.#timestamp;
  }

  /** 20 ms (or several) have gone by since the last packet was due. */
  advance(ticks: number): void {
    this.#timestamp = (this.#timestamp + ticks * timestampStep) >>> 0;
  }

  /** Sends this tick's frame, or what silence needs. */
  send(frame: PlayoutFrame | null): void {
    if (this.#isClosed) return;
    if (frame) {
      if (frame.sampleRateHz !== this.#encoder.sampleRateHz) {
        this.#reopen(frame.sampleRateHz);
        return;
      }
      this.#emit(frame.pcm, !this.#isSpurt);
      this.#isSpurt = true;
      this.#silentTicks = 0;
      return;
    }
    this.#isSpurt = false;
    this.#silentTicks += 1;
    if (this.#silentTicks <= trailingFrames || this.#silentTicks % keepAliveTicks === 0) {
      this.#emit(new Int16Array(this.#encoder.sampleRateHz / 50), false);
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#encoder.close();
  }

  #reopen(sampleRateHz: number): void {
    if (this.#isOpening) return;
    this.#isOpening = true;
    // A new voice with another rate costs one packet, about a millisecond once the codec is loaded.
    void this.open(sampleRateHz).finally(() => {
      this.#isOpening = false;
    });
  }

  #emit(pcm: Int16Array, marker: boolean): void {
    if (this.#encoder.sampleRateHz === 0) return;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const { payloadType, ssrc } = this.#options;
    const payload = this.#encoder.encode(pcm);
    this.#options.send(
      writeRtpPacket({
        payloadType,
        ssrc,
        marker,
        sequence: this.#sequence,
        timestamp: this.#timestamp,
        payload,
      }),
    );
  }
}
