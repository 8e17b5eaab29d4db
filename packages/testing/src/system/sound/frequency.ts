const sampleRateHz = 16_000;

/** Share of the sound's power that lies at one frequency, 0 to 1 (Goertzel's algorithm). */
export function powerShareAt(pcm: Int16Array, frequencyHz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let [before, last, total] = [0, 0, 0];
  for (const sample of pcm) {
    [before, last] = [last, sample + coefficient * last - before];
    total += sample * sample;
  }
  const power = last * last + before * before - coefficient * last * before;
  return total === 0 ? 0 : (2 * power) / (pcm.length * total);
}
