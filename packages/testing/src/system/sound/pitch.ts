const sampleRateHz = 16_000;
/** People's voices, from a deep man to a child. */
const [lowestHz, highestHz] = [60, 400];
const frameSamples = 640;
const hopSamples = 320;
/** Normalised autocorrelation of vowels; consonants and noise stay below. */
const voicedCorrelation = 0.7;

/** Median fundamental frequency of what is voiced in 16 kHz mono, by autocorrelation; NaN without any. */
export function medianPitchHz(pcm: Int16Array): number {
  const pitches: number[] = [];
  for (let start = 0; start + 2 * frameSamples <= pcm.length; start += hopSamples) {
    const pitch = pitchAt(pcm, start);
    if (pitch !== null) pitches.push(pitch);
  }
  pitches.sort((first, second) => first - second);
  return pitches[pitches.length >> 1] ?? Number.NaN;
}

function pitchAt(pcm: Int16Array, start: number): number | null {
  const energy = energyOf(pcm, start);
  if (energy / frameSamples < 200 ** 2) return null;
  const [shortest, longest] = [
    Math.floor(sampleRateHz / highestHz),
    Math.ceil(sampleRateHz / lowestHz),
  ];
  const correlations: number[] = [];
  let energyLater = energyOf(pcm, start + shortest);
  for (let lag = shortest; lag <= longest; lag += 1) {
    correlations.push(product(pcm, start, lag) / Math.sqrt(energy * energyLater || 1));
    // One sample on: of 640 squares only the first and the last are others.
    energyLater += squareAt(pcm, start + lag + frameSamples) - squareAt(pcm, start + lag);
  }
  const best = Math.max(...correlations);
  if (best < voicedCorrelation) return null;
  // Two periods correlate as well as one: the shortest peak that is nearly the best is the period.
  const index = correlations.findIndex(
    (value, at) => value >= 0.9 * best && value >= (correlations[at + 1] ?? -1),
  );
  return sampleRateHz / (shortest + index);
}

function product(pcm: Int16Array, start: number, lag: number): number {
  let sum = 0;
  for (let index = start; index < start + frameSamples; index += 1)
    sum += (pcm[index] ?? 0) * (pcm[index + lag] ?? 0);
  return sum;
}

function energyOf(pcm: Int16Array, start: number): number {
  let sum = 0;
  for (let index = start; index < start + frameSamples; index += 1) sum += squareAt(pcm, index);
  return sum;
}

function squareAt(pcm: Int16Array, index: number): number {
  return (pcm[index] ?? 0) ** 2;
}
