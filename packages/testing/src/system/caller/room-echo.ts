import type { HeardPacket } from './heard-sound.ts';

/** A second, at 16 kHz: longer than any way back. */
const ringSamples = 16_000;
const samplesPerMs = 16;
/** RTP runs at 48 kHz. */
const ticksPerSample = 3;
/** Where a spurt begins, a loudspeaker that was off by more than this is right again. */
const toleratedSamples = 40 * samplesPerMs;
/** Sound that would have to wait longer than this is played at once. */
const longestAheadSamples = ringSamples / 2;

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
  /** Samples that the microphone took so far. */
  #taken = 0;
  #firstTimestamp: number | null = null;
  /** From samples since the first packet, by RTP timestamp, to the position on that count. */
  #offset: number | null = null;

  constructor({ gainDb, delayMs }: RoomEchoOptions) {
    this.#gain = 10 ** (gainDb / 20);
    this.#delaySamples = delayMs * samplesPerMs;
  }

  /**
   * A packet goes into the jitter buffer, and is played when its timestamp says: the loudspeaker's clock runs
   * on while this process is kept waiting. What comes too late moves all that follows, as it does in a browser.
   */
  play({ pcm, rtpTimestamp, marker }: HeardPacket): void {
    const due = this.#taken + this.#delaySamples;
    this.#firstTimestamp ??= rtpTimestamp;
    const stamp = Math.round(((rtpTimestamp - this.#firstTimestamp) | 0) / ticksPerSample);
    this.#offset ??= due - stamp;
    const ahead = stamp + this.#offset - due;
    if (ahead > longestAheadSamples || (marker && Math.abs(ahead) > toleratedSamples))
      this.#offset = due - stamp;
    this.#offset = Math.max(this.#offset, this.#taken - stamp);
    const start = stamp + this.#offset;
    pcm.forEach((sample, index) => {
      this.#ring[(start + index) % ringSamples] = sample;
    });
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
