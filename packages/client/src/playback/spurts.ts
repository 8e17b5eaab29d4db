import { rtpClockHz, rtpDistance } from './rtp-timestamp.ts';

/** A stretch of bot speech that the server announced. */
export interface Spurt {
  readonly turnId: string;
  readonly agent: string;
  readonly rtpTimestamp: number;
}

/** The first bot sample of a spurt that left the loudspeaker; times on the page's clock. */
export interface HeardSpurt extends Spurt {
  readonly atMs: number;
  /** End of the caller's speech to that sample; null when the caller had not spoken before it. */
  readonly responseMs: number | null;
}

/** More than this many unheard spurts are never of interest: the oldest goes. */
const maximumWaiting = 8;

/** A response that takes longer than this answers nothing: the caller had long stopped waiting. */
const longestResponseMs = 30_000;

/** The player's position is read once per 10 ms and may lag behind the sound by one packet. */
const positionSlack = (20 * rtpClockHz) / 1000;

/** Matches announced spurts with the sound that is heard. */
export class SpurtWatch {
  readonly #waiting: Spurt[] = [];
  #speechEndMs: number | null = null;

  /** Whether a spurt was announced whose sound was not heard yet. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  announce(spurt: Spurt): void {
    this.#waiting.push(spurt);
    if (this.#waiting.length > maximumWaiting) this.#waiting.shift();
  }

  /** The caller's last sample of speech so far, page's clock. */
  speechEnded(atMs: number): void {
    this.#speechEndMs = atMs;
  }

  /** Bot sound left the loudspeaker at `atMs` while the packet `playedRtpTimestamp` was played. */
  audible(playedRtpTimestamp: number, atMs: number): HeardSpurt | null {
    const index = this.#waiting.findLastIndex(
      (spurt) => rtpDistance(spurt.rtpTimestamp, playedRtpTimestamp) >= -positionSlack,
    );
    const spurt = this.#waiting[index];
    if (spurt === undefined) return null;
    this.#waiting.splice(0, index + 1);
    const responseMs = this.#speechEndMs === null ? null : atMs - this.#speechEndMs;
    // One answer per utterance: a second spurt of the same turn is no response to it.
    this.#speechEndMs = null;
    const counts = responseMs !== null && responseMs >= 0 && responseMs <= longestResponseMs;
    return { ...spurt, atMs, responseMs: counts ? responseMs : null };
  }
}
