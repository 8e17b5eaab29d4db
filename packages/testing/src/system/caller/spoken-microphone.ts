import { randomInt } from 'node:crypto';
import { Application, createEncoder, type OpusEncoderHandle } from 'libopus-wasm';

/** 16 kHz mono, 20 ms. */
const frameSamples = 320;
const frameMs = 20;
const timestampStep = 960;

/** When somebody spoke, on `performance.now()`. */
export interface Spoken {
  /** The first sample left. */
  readonly startedMs: number;
  /** The last sample left. */
  readonly endedMs: number;
}

interface Utterance {
  readonly pcm: Int16Array;
  position: number;
  startedMs: number;
  readonly done: (spoken: Spoken) => void;
}

/** A microphone that is always open: a packet every 20 ms by deadline, of what is said or of silence. */
export class SpokenMicrophone {
  readonly #encoder: OpusEncoderHandle;
  readonly #send: (packet: Buffer) => void;
  readonly #queue: Utterance[] = [];
  readonly #waiting = new Set<{ readonly samples: number; readonly resolve: () => void }>();
  #sequence = randomInt(0x8000);
  #timestamp = randomInt(0x8000_0000);
  #dueMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #soon: NodeJS.Immediate | undefined;
  /** Added to every frame: the noise of the room. */
  background: ((samples: number) => Int16Array) | undefined;
  isMuted = false;

  private constructor(encoder: OpusEncoderHandle, send: (packet: Buffer) => void) {
    this.#encoder = encoder;
    this.#send = send;
  }

  static async open(send: (packet: Buffer) => void): Promise<SpokenMicrophone> {
    const encoder = await createEncoder({
      sampleRate: 16_000,
      channels: 1,
      application: Application.Voip,
      bitrate: 40_000,
      complexity: 3,
      fec: true,
      packetLossPercent: 5,
    });
    const microphone = new SpokenMicrophone(encoder, send);
    microphone.#dueMs = performance.now();
    microphone.#schedule();
    return microphone;
  }

  /** 16 kHz mono. Resolves when the last sample has left; a second one waits for the first. */
  say(pcm: Int16Array): Promise<Spoken> {
    return new Promise((done) => this.#queue.push({ pcm, position: 0, startedMs: 0, done }));
  }

  /** That much of what is being said has left. */
  untilSaid(ms: number): Promise<void> {
    return new Promise((resolve) => this.#waiting.add({ samples: ms * 16, resolve }));
  }

  close(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#soon);
    this.#encoder.free();
  }

  #schedule(): void {
    this.#timer = setTimeout(
      () => {
        // What arrived while this process was kept waiting is taken in first: it was played before.
        this.#soon = setImmediate(() => this.#tick());
      },
      Math.max(0, this.#dueMs - performance.now()),
    );
  }

  #tick(): void {
    for (; this.#dueMs <= performance.now(); this.#dueMs += frameMs) this.#sendFrame();
    this.#schedule();
  }

  #sendFrame(): void {
    const frame = new Int16Array(frameSamples);
    const utterance = this.#queue[0];
    if (utterance) {
      // A frame holds what was captured before it leaves.
      if (utterance.position === 0) utterance.startedMs = this.#dueMs - frameMs;
      const part = utterance.pcm.subarray(utterance.position, utterance.position + frameSamples);
      frame.set(part);
      utterance.position += frameSamples;
      this.#tellSaid(utterance.position);
      if (utterance.position >= utterance.pcm.length) {
        this.#queue.shift();
        const endedMs = this.#dueMs - frameMs + part.length / 16;
        utterance.done({ startedMs: utterance.startedMs, endedMs });
      }
    }
    this.background?.(frameSamples).forEach((sample, index) => {
      frame[index] = Math.max(-32_768, Math.min(32_767, (frame[index] ?? 0) + sample));
    });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + timestampStep) >>> 0;
    if (this.isMuted) return;
    const header = Buffer.alloc(12);
    header.writeUInt8(0x80, 0);
    header.writeUInt8(111, 1);
    header.writeUInt16BE(this.#sequence, 2);
    header.writeUInt32BE(this.#timestamp, 4);
    this.#send(Buffer.concat([header, this.#encoder.encode(frame)]));
  }

  #tellSaid(samples: number): void {
    for (const waiter of this.#waiting) {
      if (samples < waiter.samples) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
  }
}
