import { limits } from '@voicebus/protocol';

/** A piece of recorded speech: 16 kHz mono PCM16 and when its first sample was captured. */
export interface PrerollPiece {
  readonly captureMs: number;
  readonly samples: Int16Array;
}

const sampleRateHz = 16_000;
const samplesPerMs = sampleRateHz / 1000;
const samplesPerPiece = limits.prerollChunkBytes / Int16Array.BYTES_PER_ELEMENT;

/**
 * Records from the click until the live stream takes over, so that the first words are never lost. It
 * keeps the last `maximumMs`: 10 s is longer than a connect that people wait for.
 */
export class Preroll {
  readonly #frames: PrerollPiece[] = [];
  readonly #maximumSamples: number;
  #samples = 0;
  #recording = true;

  constructor(maximumMs = 10_000) {
    this.#maximumSamples = maximumMs * samplesPerMs;
  }

  /** `endMs`: capture time of the end of the frame on the page's clock. */
  add(frame: Float32Array, endMs: number): void {
    if (!this.#recording) return;
    const samples = Int16Array.from(frame, (value) =>
      Math.round(Math.max(-1, Math.min(1, value)) * 32_767),
    );
    this.#frames.push({ captureMs: endMs - samples.length / samplesPerMs, samples });
    this.#samples += samples.length;
    while (this.#samples > this.#maximumSamples) {
      this.#samples -= this.#frames.shift()?.samples.length ?? this.#samples;
    }
  }

  /** Stops and gives what was captured before `untilMs`, in pieces of at most 32 KB. */
  finish(untilMs: number): readonly PrerollPiece[] {
    this.#recording = false;
    const wanted = this.#frames.splice(0).flatMap((frame) => {
      const count = Math.floor((untilMs - frame.captureMs) * samplesPerMs);
      if (count <= 0) return [];
      return { captureMs: frame.captureMs, samples: frame.samples.subarray(0, count) };
    });
    this.#samples = 0;
    return join(wanted);
  }

  discard(): void {
    this.#recording = false;
    this.#frames.length = 0;
    this.#samples = 0;
  }
}

function join(frames: readonly PrerollPiece[]): readonly PrerollPiece[] {
  const pieces: PrerollPiece[] = [];
  let group: PrerollPiece[] = [];
  let count = 0;
  const flush = () => {
    const [first] = group;
    if (first === undefined) return;
    const samples = new Int16Array(count);
    let offset = 0;
    for (const frame of group) {
      samples.set(frame.samples, offset);
      offset += frame.samples.length;
    }
    pieces.push({ captureMs: first.captureMs, samples });
    group = [];
    count = 0;
  };
  for (const frame of frames) {
    if (count + frame.samples.length > samplesPerPiece) flush();
    group.push(frame);
    count += frame.samples.length;
  }
  flush();
  return pieces;
}

/** Base64 of the samples as little-endian PCM16 (every platform with a browser is little-endian). */
export function pcmToBase64(samples: Int16Array): string {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  let binary = '';
  // In steps, since `fromCharCode` takes its arguments on the stack.
  for (let offset = 0; offset < bytes.length; offset += 8192) {
    binary += String.fromCharCode(...bytes.subarray(offset, offset + 8192));
  }
  return btoa(binary);
}
