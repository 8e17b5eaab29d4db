const sampleRateHz = 16_000;

export function tone(frequencyHz: number, durationMs: number, amplitude = 8_000): Int16Array {
  const step = (2 * Math.PI * frequencyHz) / sampleRateHz;
  return Int16Array.from({ length: Math.round((durationMs * sampleRateHz) / 1000) }, (_, index) =>
    Math.round(amplitude * Math.sin(step * index)),
  );
}

export function join(...parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/** The same each time: a linear congruential generator, its constants from Numerical Recipes. */
export function noise(samples: number, amplitude: number, seed = 1): Int16Array {
  let state = seed >>> 0;
  return Int16Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 0x8000_0000 - 1) * amplitude);
  });
}

/** A burst of breath of a fifth of a second that dies away. */
export function cough(seed = 1): Int16Array {
  return noise(3_200, 12_000, seed).map((sample, index) =>
    Math.round(sample * Math.exp(-index / 900)),
  );
}

/** `noiseDb` is how far the noise lies below the voice, by root mean square of what is not silent. */
export function withNoise(voice: Int16Array, noiseDb: number, seed = 1): Int16Array {
  const loud = voice.filter((sample) => Math.abs(sample) > 100);
  const wanted = rms(loud) * 10 ** (-noiseDb / 20);
  const hiss = noise(voice.length, 1_000, seed);
  const gain = wanted / Math.max(1, rms(hiss));
  return voice.map((sample, index) =>
    Math.max(-32_768, Math.min(32_767, Math.round(sample + (hiss[index] ?? 0) * gain))),
  );
}

function rms(pcm: Int16Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, pcm.length));
}
