import type { HeardPacket } from './heard-sound.ts';

/** A second, at 16 kHz: longer than any way back. */
const ringSamples = 16_000;
const samplesPerMs = 16;
/** The loudspeaker has caught up or fallen behind by more than this: its sound begins anew. */
const toleratedSamples = 40 * samplesPerMs;

export interface RoomEchoOptions {
  /** From the loudspeaker to the microphone; −20 is a laptop without a canceller. */
  readonly gainDb: number;
  /** From the packet's arrival to the microphone: jitter buffer, sound card and air. */
  readonly delayMs: number;
}

/** The bot's own sound in the caller's microphone, as open loudspeakers bring it there. */
export class RoomEcho {
  readonly #gain: number;
  readonly #delaySamples: number;
  readonly #ring = new Int16Array(ringSamples);
  /** Positions in samples since the first one: what was written, and what the microphone took. */
  #written = 0;
  #taken = 0;

  constructor({ gainDb, delayMs }: RoomEchoOptions) {
    this.#gain = 10 ** (gainDb / 20);
    this.#delaySamples = delayMs * samplesPerMs;
  }

  /** A packet that leaves the loudspeaker. */
  play({ pcm }: HeardPacket): void {
    const due = this.#taken + this.#delaySamples;
    if (Math.abs(this.#written - due) > toleratedSamples) this.#written = due;
    for (const sample of pcm) {
      this.#ring[this.#written % ringSamples] = sample;
      this.#written += 1;
    }
  }

  /** What of it the microphone captures next. */
  next(samples: number): Int16Array {
    const captured = new Int16Array(samples);
    for (let index = 0; index < samples; index += 1) {
      const position = this.#taken % ringSamples;
      captured[index] = Math.round((this.#ring[position] ?? 0) * this.#gain);
      this.#ring[position] = 0;
      this.#taken += 1;
    }
    return captured;
  }
}
