import { noise } from '../sound/sounds.ts';

/**
 * The same pink noise each time, without end: what rooms have is louder below than above. White noise through
 * three poles and a direct part (Paul Kellet's "economy" filter, 3 dB per octave within 0.5 dB).
 */
export class RoomNoise {
  readonly #gain: number;
  readonly #poles = [0, 0, 0];
  #seed = 1;

  /** As loud as `noiseDb` below this voice, by root mean square of what is not silent. */
  constructor(voice: Int16Array, noiseDb: number) {
    const wanted = loudness(voice) * 10 ** (-noiseDb / 20);
    const probe = this.#filter(noise(16_000, 1_000));
    this.#gain = wanted / Math.max(1, Math.sqrt(meanSquare(probe)));
  }

  next(samples: number): Int16Array {
    this.#seed += 1;
    const pink = this.#filter(noise(samples, 1_000, Math.imul(this.#seed, 7919)));
    return Int16Array.from(pink, (sample) => Math.round(sample * this.#gain));
  }

  /** The voice as the room's microphone hears it. */
  with(voice: Int16Array): Int16Array {
    const room = this.next(voice.length);
    return voice.map((sample, index) =>
      Math.max(-32_768, Math.min(32_767, sample + (room[index] ?? 0))),
    );
  }

  #filter(white: Int16Array): Float64Array {
    const poles = this.#poles;
    return Float64Array.from(white, (sample) => {
      poles[0] = 0.99765 * (poles[0] ?? 0) + sample * 0.099046;
      poles[1] = 0.963 * (poles[1] ?? 0) + sample * 0.2965164;
      poles[2] = 0.57 * (poles[2] ?? 0) + sample * 1.0526913;
      return poles[0] + poles[1] + poles[2] + sample * 0.1848;
    });
  }
}

function loudness(voice: Int16Array): number {
  return Math.sqrt(meanSquare(voice.filter((sample) => Math.abs(sample) > 100)));
}

function meanSquare(values: Int16Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum / Math.max(1, values.length);
}
