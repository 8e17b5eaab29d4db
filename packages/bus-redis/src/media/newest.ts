import type { MediaFrame } from '@voicebus/core';

/** The clocks of two machines drift apart by well under a millisecond in this time. */
const windowMs = 10_000;

/**
 * Whether a frame still is of use: newer than the last, and not late against the fastest one of the last
 * seconds, which is what stands for the distance of the two clocks.
 */
export class Newest {
  readonly #maxAgeMs: number;
  #lastWallMs = -Infinity;
  #lastSequence = -1;
  #fastestMs = Infinity;
  #fastestBeforeMs = Infinity;
  #windowEndsMs = -Infinity;

  constructor(maxAgeMs: number) {
    this.#maxAgeMs = maxAgeMs;
  }

  takes({ wallMs, sequence }: MediaFrame, nowWallMs: number): boolean {
    const way = nowWallMs - wallMs;
    if (nowWallMs >= this.#windowEndsMs) {
      this.#fastestBeforeMs = this.#fastestMs;
      this.#fastestMs = Infinity;
      this.#windowEndsMs = nowWallMs + windowMs;
    }
    this.#fastestMs = Math.min(this.#fastestMs, way);
    const isOlder =
      wallMs < this.#lastWallMs || (wallMs === this.#lastWallMs && sequence <= this.#lastSequence);
    const isLate = way - Math.min(this.#fastestMs, this.#fastestBeforeMs) > this.#maxAgeMs;
    if (isOlder || isLate) return false;
    this.#lastWallMs = wallMs;
    this.#lastSequence = sequence;
    return true;
  }
}
