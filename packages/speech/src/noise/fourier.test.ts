import { expect, test } from 'vitest';
import { FourierTransform } from './fourier.ts';

test('a tone is in its own bin and in its mirror', () => {
  const transform = new FourierTransform(16);
  const real = Float64Array.from({ length: 16 }, (_, at) => Math.cos((2 * Math.PI * 3 * at) / 16));
  const imaginary = new Float64Array(16);
  transform.forward(real, imaginary);
  const found = [...real].map((value, bin) => Math.round(Math.hypot(value, imaginary[bin]!)));
  expect(found).toEqual([0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0]);
});

test('there and back again', () => {
  const transform = new FourierTransform(64);
  const signal = Array.from({ length: 64 }, (_, at) => ((at * 37) % 23) - 11);
  const real = Float64Array.from(signal);
  const imaginary = new Float64Array(64);
  transform.forward(real, imaginary);
  transform.inverse(real, imaginary);
  for (const [at, value] of signal.entries()) expect(real[at]).toBeCloseTo(value, 9);
});
