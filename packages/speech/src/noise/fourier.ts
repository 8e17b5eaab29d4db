/** A complex Fourier transform of a power of two, in place (Cooley and Tukey 1965); tables made once. */
export class FourierTransform {
  readonly size: number;
  readonly #cosine: Float64Array;
  readonly #sine: Float64Array;
  readonly #reversed: Uint32Array;

  constructor(size: number) {
    this.size = size;
    const half = size / 2;
    this.#cosine = Float64Array.from({ length: half }, (_, k) =>
      Math.cos((2 * Math.PI * k) / size),
    );
    this.#sine = Float64Array.from({ length: half }, (_, k) => Math.sin((2 * Math.PI * k) / size));
    this.#reversed = new Uint32Array(size);
    for (let index = 1; index < size; index += 1)
      this.#reversed[index] = (this.#reversed[index >> 1]! >> 1) | (index & 1 ? half : 0);
  }

  forward(real: Float64Array, imaginary: Float64Array): void {
    this.#transform(real, imaginary, -1);
  }

  /** Back again: `inverse` of `forward` is the signal itself. */
  inverse(real: Float64Array, imaginary: Float64Array): void {
    this.#transform(real, imaginary, 1);
    for (let index = 0; index < this.size; index += 1) {
      real[index]! /= this.size;
      imaginary[index]! /= this.size;
    }
  }

  #transform(real: Float64Array, imaginary: Float64Array, direction: 1 | -1): void {
    for (let index = 0; index < this.size; index += 1) {
      const other = this.#reversed[index]!;
      if (other <= index) continue;
      [real[index], real[other]] = [real[other]!, real[index]!];
      [imaginary[index], imaginary[other]] = [imaginary[other]!, imaginary[index]!];
    }
    for (let width = 1; width < this.size; width *= 2) {
      const stride = this.size / (2 * width);
      for (let from = 0; from < this.size; from += 2 * width)
        for (let step = 0; step < width; step += 1) {
          const cosine = this.#cosine[step * stride]!;
          const sine = direction * this.#sine[step * stride]!;
          const low = from + step;
          const high = low + width;
          const turned = real[high]! * cosine - imaginary[high]! * sine;
          const turnedImaginary = real[high]! * sine + imaginary[high]! * cosine;
          real[high] = real[low]! - turned;
          imaginary[high] = imaginary[low]! - turnedImaginary;
          real[low]! += turned;
          imaginary[low]! += turnedImaginary;
        }
    }
  }
}
