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

/** A tenth of a second of a tone is that tone, whatever a jitter buffer did to the tenths beside it. */
const pieceSamples = sampleRateHz / 10;
const isToneFrom = 0.6;

/** For how long this tone was heard, in milliseconds; 16 kHz mono. */
export function toneMs(pcm: Int16Array, frequencyHz: number): number {
  let pieces = 0;
  for (let start = 0; start + pieceSamples <= pcm.length; start += pieceSamples) {
    const piece = pcm.subarray(start, start + pieceSamples);
    if (powerShareAt(piece, frequencyHz) > isToneFrom) pieces += 1;
  }
  return (pieces * pieceSamples * 1000) / sampleRateHz;
}

/** In the unit of a sum of squared samples. */
function powerAt(window: Int16Array, frequencyHz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let [before, last] = [0, 0];
  for (const sample of window) [before, last] = [last, sample + coefficient * last - before];
  const power = last * last + before * before - coefficient * last * before;
  return (2 * power) / Math.max(1, window.length);
}
