import { randomInt } from 'node:crypto';
import type { PlayoutFrame } from '@voicebus/core';
import { OpusEncoder } from '../opus/opus-encoder.ts';
import { writeRtpPacket } from '../rtp/rtp-packet.ts';

export interface SpeechSenderOptions {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly line: SpeechLine;
}

/** Where packets go. */
export interface SpeechLine {
  /** One packet, and when it is to leave, in milliseconds of the session's clock. */
  send(packet: Buffer, dueMs: number): void;
  /** The packets that were handed over last and are not due yet do not leave; gives how many. */
  takeBack(): number;
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

  /** False while another voice's encoder is being opened: what is sent meanwhile is lost. */
  get isReady(): boolean {
    return !this.#isOpening;
  }

  /** Of the last frames those that have not left: they were not sent. Gives how many. */
  takeBack(): number {
    if (this.#isClosed) return 0;
    const count = this.#options.line.takeBack();
    this.#sequence = (this.#sequence - count) & 0xffff;
    this.#timestamp = (this.#timestamp - count * timestampStep) >>> 0;
    return count;
  }

  /** Sends this tick's frame, or what silence needs, at `dueMs` of the session's clock. */
  send(frame: PlayoutFrame | null, dueMs: number): void {
    if (this.#isClosed) return;
    if (frame) {
      if (frame.sampleRateHz !== this.#encoder.sampleRateHz) {
        this.#reopen(frame.sampleRateHz);
        return;
      }
      this.#emit(frame.pcm, { marker: !this.#isSpurt, dueMs });
      this.#isSpurt = true;
      this.#silentTicks = 0;
      return;
    }
    this.#isSpurt = false;
    this.#silentTicks += 1;
    if (this.#silentTicks <= trailingFrames || this.#silentTicks % keepAliveTicks === 0) {
      const silence = new Int16Array(this.#encoder.sampleRateHz / 50);
      this.#emit(silence, { marker: false, dueMs });
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

  #emit(
    pcm: Int16Array,
    { marker, dueMs }: { readonly marker: boolean; readonly dueMs: number },
  ): void {
    if (this.#encoder.sampleRateHz === 0) return;
    this.#sequence = (this.#sequence + 1) & 0xffff;
    const { payloadType, ssrc, line } = this.#options;
    const payload = this.#encoder.encode(pcm);
    line.send(
      writeRtpPacket({
        payloadType,
        ssrc,
        marker,
        sequence: this.#sequence,
        timestamp: this.#timestamp,
        payload,
      }),
      dueMs,
    );
  }
}
