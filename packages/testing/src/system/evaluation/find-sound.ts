/** One sample in four is enough to tell where speech is: 4 kHz. */
const step = 4;
const samplesPerMs = 16;

/**
 * Where in the whole a piece of it begins, in milliseconds, by the highest normalised correlation of the
 * waveforms (16 kHz); and how alike both are there, 0 to 1.
 */
export function findSound(
  whole: Int16Array,
  piece: Int16Array,
): { readonly atMs: number; readonly likeness: number } {
  const [long, short] = [thinned(whole), thinned(piece)];
  const shortPower = power(short);
  let best = { at: 0, likeness: -Infinity };
  let longPower = power(long.subarray(0, short.length));
  for (let at = 0; at + short.length <= long.length; at += 1) {
    let product = 0;
    for (let index = 0; index < short.length; index += 1)
      product += (long[at + index] ?? 0) * (short[index] ?? 0);
    const likeness = product / Math.sqrt(Math.max(1, longPower) * Math.max(1, shortPower));
    if (likeness > best.likeness) best = { at, likeness };
    longPower += (long[at + short.length] ?? 0) ** 2 - (long[at] ?? 0) ** 2;
  }
  return { atMs: (best.at * step) / samplesPerMs, likeness: best.likeness };
}

/** The mean of each four, so that what is above 2 kHz does not turn up below it. */
function thinned(pcm: Int16Array): Float64Array {
  return Float64Array.from({ length: Math.floor(pcm.length / step) }, (_, index) => {
    let sum = 0;
    for (let offset = 0; offset < step; offset += 1) sum += pcm[index * step + offset] ?? 0;
    return sum / step;
  });
}

function power(samples: Float64Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}
