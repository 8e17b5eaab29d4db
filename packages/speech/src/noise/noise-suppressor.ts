import { FourierTransform } from './fourier.ts';

/** 32 ms at 16 kHz, half of it new: long enough to see harmonics, short enough for a consonant. */
const frameSamples = 512;
const hopSamples = 256;
const bins = frameSamples / 2 + 1;
/** Of the estimate that there was: about half a second of quiet replaces it. */
const noiseMemory = 0.94;
/** 320 ms: somebody may have begun to speak before a detector says so, and a voice is no noise. */
const unsureFrames = 20;
/** Of the ratio of speech to noise: what was found a frame ago counts most (Ephraim and Malah 1984). */
const ratioMemory = 0.98;
/** −16 dB: what is left of the noise hides the holes that the filter makes. */
const smallestGain = 0.16;

/**
 * Takes steady noise out of 16 kHz speech (Wiener filter). What is heard while nobody speaks says what the noise
 * is; in a quiet room nothing changes. The sound comes out one hop (16 ms) later.
 */
export class NoiseSuppressor {
  readonly #transform = new FourierTransform(frameSamples);
  readonly #window = Float64Array.from({ length: frameSamples }, (_, index) =>
    Math.sqrt(0.5 - 0.5 * Math.cos((2 * Math.PI * index) / frameSamples)),
  );
  readonly #noise = new Float64Array(bins);
  readonly #clean = new Float64Array(bins);
  readonly #real = new Float64Array(frameSamples);
  readonly #imaginary = new Float64Array(frameSamples);
  readonly #heard = new Float64Array(frameSamples);
  readonly #tail = new Float64Array(hopSamples);
  #waiting = new Int16Array(0);
  /** Power of the last frames without speech, which are not believed yet. */
  readonly #unsure: Float64Array[] = [];
  #quietFrames = 0;

  /** Any number of samples in, whole hops out; `isSpeech` when somebody may be speaking. */
  process(pcm: Int16Array, isSpeech: boolean): Int16Array {
    const all = new Int16Array(this.#waiting.length + pcm.length);
    all.set(this.#waiting);
    all.set(pcm, this.#waiting.length);
    const hops = Math.floor(all.length / hopSamples);
    const result = new Int16Array(hops * hopSamples);
    for (let hop = 0; hop < hops; hop += 1) {
      const from = hop * hopSamples;
      this.#take(all.subarray(from, from + hopSamples));
      result.set(this.#filtered(isSpeech), from);
    }
    this.#waiting = all.slice(hops * hopSamples);
    return result;
  }

  #take(hop: Int16Array): void {
    this.#heard.copyWithin(0, hopSamples);
    for (let index = 0; index < hopSamples; index += 1)
      this.#heard[hopSamples + index] = hop[index]!;
  }

  #filtered(isSpeech: boolean): Int16Array {
    const real = this.#real;
    const imaginary = this.#imaginary;
    for (let index = 0; index < frameSamples; index += 1) {
      real[index] = this.#heard[index]! * this.#window[index]!;
      imaginary[index] = 0;
    }
    this.#transform.forward(real, imaginary);
    if (isSpeech) this.#unsure.length = 0;
    else this.#learn(powerOf(real, imaginary));
    this.#weaken(real, imaginary);
    this.#transform.inverse(real, imaginary);
    const result = new Int16Array(hopSamples);
    for (let index = 0; index < hopSamples; index += 1) {
      const sample = this.#tail[index]! + real[index]! * this.#window[index]!;
      result[index] = Math.max(-32_768, Math.min(32_767, Math.round(sample)));
      this.#tail[index] = real[hopSamples + index]! * this.#window[hopSamples + index]!;
    }
    return result;
  }

  #learn(power: Float64Array): void {
    this.#unsure.push(power);
    const quiet = this.#unsure.length > unsureFrames ? this.#unsure.shift() : undefined;
    if (quiet === undefined) return;
    // The first frames are averaged; later ones replace the estimate slowly.
    const memory = Math.min(noiseMemory, this.#quietFrames / (this.#quietFrames + 1));
    this.#quietFrames += 1;
    for (let bin = 0; bin < bins; bin += 1)
      this.#noise[bin] = memory * this.#noise[bin]! + (1 - memory) * quiet[bin]!;
  }

  #weaken(real: Float64Array, imaginary: Float64Array): void {
    for (let bin = 0; bin < bins; bin += 1) {
      const noise = this.#noise[bin]!;
      const power = real[bin]! ** 2 + imaginary[bin]! ** 2;
      if (noise === 0) continue;
      const now = Math.max(0, power / noise - 1);
      const ratio = ratioMemory * (this.#clean[bin]! / noise) + (1 - ratioMemory) * now;
      const gain = Math.max(smallestGain, ratio / (1 + ratio));
      this.#clean[bin] = gain ** 2 * power;
      real[bin]! *= gain;
      imaginary[bin]! *= gain;
      const mirror = frameSamples - bin;
      if (bin === 0 || bin === mirror) continue;
      real[mirror]! *= gain;
      imaginary[mirror]! *= gain;
    }
  }
}

function powerOf(real: Float64Array, imaginary: Float64Array): Float64Array {
  return Float64Array.from({ length: bins }, (_, bin) => real[bin]! ** 2 + imaginary[bin]! ** 2);
}
