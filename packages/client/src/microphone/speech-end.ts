import type { MicrophoneFrame } from './microphone-tap.ts';

/** Probability above which a window holds speech. */
const speechProbability = 0.5;
/** Part of the loudest recent sample below which a sample no longer belongs to speech (−34 dB). */
const tailShare = 0.02;
/** How fast the loudest recent sample is forgotten: it halves in about 700 ms. */
const peakDecay = 0.97;
const samplesPerMs = 16;

/**
 * Finds the last sample of the caller's speech, to about 1 ms: the VAD says in which window there is
 * speech, the signal's own strength where in it the speech ends.
 */
export class SpeechEnd {
  #peak = 0;
  #lastSpeechMs: number | null = null;
  #tailWindows = 0;

  /** The last sample of speech up to this frame when the frame still holds some, else null. */
  add(frame: MicrophoneFrame, probability: number): number | null {
    this.#peak *= peakDecay;
    for (const sample of frame.samples) this.#peak = Math.max(this.#peak, Math.abs(sample));
    if (probability >= speechProbability) this.#tailWindows = 2;
    else if (this.#tailWindows === 0) return null;
    // The model lags by up to two windows when speech ends, so loud samples right after still count.
    this.#tailWindows -= 1;
    const index = frame.samples.findLastIndex(
      (sample) => Math.abs(sample) > this.#peak * tailShare,
    );
    if (index === -1) return null;
    this.#lastSpeechMs = frame.endMs - (frame.samples.length - 1 - index) / samplesPerMs;
    return this.#lastSpeechMs;
  }
}
