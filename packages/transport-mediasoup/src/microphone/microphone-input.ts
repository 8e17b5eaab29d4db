import { createFrame, FrameProcessor, type Direction, type Frame } from '@voicebus/core';

interface Chunk {
  readonly pcm: Int16Array;
  /** Capture time of the last sample, on this process's clock. */
  readonly captureMs: number;
}

const sampleRateHz = 16_000;
/** 20 ms. */
const frameSamples = sampleRateHz / 50;
/** Ten seconds of first words, as the page records them at most. */
const maxPrerollSamples = 10 * sampleRateHz;
/** Sound that waits for the first words' last piece: a second and a half at most, then it goes on without. */
const maxWaitingSamples = 1.5 * sampleRateHz;

/**
 * The beginning of a call's pipeline. Words that were recorded before the media path stood come first;
 * the live sound waits for them and is joined where their capture times meet.
 */
export class MicrophoneInput extends FrameProcessor {
  #preroll: Chunk[] = [];
  #waiting: Chunk[] = [];
  #state: 'live' | 'awaiting-first-words' = 'live';
  /** End of the first words, where the live sound had not come yet when they were complete. */
  #joinMs: number | null = null;

  constructor() {
    super('microphone-input');
  }

  /** The page recorded from the click on and will send that: live sound waits for it, within its bound. */
  expectFirstWords(): void {
    this.#state = 'awaiting-first-words';
  }

  /** One piece of the recorded first words. */
  firstWords(chunk: Chunk, isLast: boolean): void {
    this.#state = 'awaiting-first-words';
    if (samplesOf(this.#preroll) + chunk.pcm.length <= maxPrerollSamples) this.#preroll.push(chunk);
    if (isLast) this.#join();
  }

  audio(pcm: Int16Array, captureMs: number): void {
    if (this.#state === 'live') {
      this.#emitAfterFirstWords({ pcm, captureMs });
      return;
    }
    this.#waiting.push({ pcm, captureMs });
    if (samplesOf(this.#waiting) > maxWaitingSamples) this.#join();
  }

  protected override process(frame: Frame, direction: Direction): void {
    this.push(frame, direction);
  }

  #join(): void {
    this.#state = 'live';
    const first = this.#waiting[0];
    const liveStartMs = first
      ? first.captureMs - (first.pcm.length / sampleRateHz) * 1000
      : Infinity;
    if (!first) this.#joinMs = this.#preroll.at(-1)?.captureMs ?? null;
    for (const { pcm, captureMs } of this.#preroll.splice(0)) {
      const beyondMs = Math.max(0, captureMs - liveStartMs);
      const kept = pcm.subarray(
        0,
        Math.max(0, pcm.length - Math.round((beyondMs * sampleRateHz) / 1000)),
      );
      if (kept.length > 0) this.#emit({ pcm: kept, captureMs: captureMs - beyondMs });
    }
    for (const chunk of this.#waiting.splice(0)) this.#emit(chunk);
  }

  /** The page records a little longer than it must: what both have is played once. */
  #emitAfterFirstWords({ pcm, captureMs }: Chunk): void {
    const doubled =
      this.#joinMs === null
        ? 0
        : pcm.length - Math.round(((captureMs - this.#joinMs) * sampleRateHz) / 1000);
    if (doubled < pcm.length) this.#joinMs = null;
    const kept = pcm.subarray(Math.max(0, doubled));
    if (kept.length > 0) this.#emit({ pcm: kept, captureMs });
  }

  /** In small frames: what rules on the sound must not be a second behind it. */
  #emit({ pcm, captureMs }: Chunk): void {
    for (let start = 0; start < pcm.length; start += frameSamples) {
      const part = pcm.subarray(start, start + frameSamples);
      const restMs = ((pcm.length - start - part.length) / sampleRateHz) * 1000;
      const at = { pcm: part, captureMs: captureMs - restMs };
      this.push(createFrame('input-audio', { ...at, sampleRateHz }));
    }
  }
}

function samplesOf(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { pcm }) => sum + pcm.length, 0);
}
