const sampleRateHz = 16_000;
/** 20 ms, one packet: where a packet is missing or late the phase jumps, and the tone is still that tone. */
const windowSamples = 320;

/** Share of the sound's power that lies at one frequency, 0 to 1, in windows of 20 ms (Goertzel's algorithm). */
export function powerShareAt(pcm: Int16Array, frequencyHz: number): number {
  let [atFrequency, total] = [0, 0];
  for (let start = 0; start < pcm.length; start += windowSamples) {
    const window = pcm.subarray(start, start + windowSamples);
    atFrequency += powerAt(window, frequencyHz);
    for (const sample of window) total += sample * sample;
  }
  return total === 0 ? 0 : atFrequency / total;
}

/** In the unit of a sum of squared samples. */
function powerAt(window: Int16Array, frequencyHz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let [before, last] = [0, 0];
  for (const sample of window) [before, last] = [last, sample + coefficient * last - before];
  const power = last * last + before * before - coefficient * last * before;
  return (2 * power) / Math.max(1, window.length);
}
