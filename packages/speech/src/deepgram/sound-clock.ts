import type { SoundChunk } from '../backlog/audio-backlog.ts';

/** 16 kHz. */
export const samplesPerMs = 16;

/**
 * A connection counts the sound that it was sent; a call counts all of its sound. Where a piece was left out
 * (a gap, what had to be dropped) the two move apart.
 */
export class SoundClock {
  readonly #anchors: { readonly sentSample: number; readonly callSample: number }[] = [];
  #sent = 0;
  #next = 0;

  sent({ start, pcm }: SoundChunk): void {
    if (start !== this.#next || this.#anchors.length === 0)
      this.#anchors.push({ sentSample: this.#sent, callSample: start });
    this.#sent += pcm.length;
    this.#next = start + pcm.length;
  }

  /** From milliseconds of the connection to milliseconds of the call. */
  toCallMs(sentMs: number): number {
    const sample = sentMs * samplesPerMs;
    const anchor = this.#anchors.findLast(({ sentSample }) => sentSample <= sample);
    if (anchor === undefined) return sentMs;
    return (anchor.callSample + sample - anchor.sentSample) / samplesPerMs;
  }
}
