/** Centres in hertz, a third of an octave to a half apart: where voices have their power. */
const centresHz = [200, 280, 390, 540, 740, 1_000, 1_350, 1_800, 2_350, 3_000, 3_700];
const quality = 3;

export const bandCount = centresHz.length;

/** Second-order band-pass filters (Bristow-Johnson's cookbook, constant peak gain) side by side. */
export class FilterBank {
  readonly #bands: readonly Band[];

  constructor(sampleRateHz: number) {
    this.#bands = centresHz.map((centreHz) => new Band(centreHz, sampleRateHz));
  }

  /** Adds the power of these samples to each band's sum. */
  add(samples: Int16Array, sums: Float64Array): void {
    this.#bands.forEach((band, index) => {
      sums[index] = (sums[index] ?? 0) + band.power(samples);
    });
  }
}

class Band {
  readonly #b0: number;
  readonly #a1: number;
  readonly #a2: number;
  #x1 = 0;
  #x2 = 0;
  #y1 = 0;
  #y2 = 0;

  constructor(centreHz: number, sampleRateHz: number) {
    const angle = (2 * Math.PI * centreHz) / sampleRateHz;
    const alpha = Math.sin(angle) / (2 * quality);
    this.#b0 = alpha / (1 + alpha);
    this.#a1 = (-2 * Math.cos(angle)) / (1 + alpha);
    this.#a2 = (1 - alpha) / (1 + alpha);
  }

  /** Sum of the squares of what passes, full scale being 1. */
  power(samples: Int16Array): number {
    let [x1, x2, y1, y2, sum] = [this.#x1, this.#x2, this.#y1, this.#y2, 0];
    for (let index = 0; index < samples.length; index += 1) {
      const x = (samples[index] ?? 0) / 32_768;
      const y = this.#b0 * (x - x2) - this.#a1 * y1 - this.#a2 * y2;
      [x2, x1, y2, y1] = [x1, x, y1, y];
      sum += y * y;
    }
    // Denormal numbers are a hundred times slower.
    if (Math.abs(y1) < 1e-20) [y1, y2] = [0, 0];
    [this.#x1, this.#x2, this.#y1, this.#y2] = [x1, x2, y1, y2];
    return sum;
  }
}
