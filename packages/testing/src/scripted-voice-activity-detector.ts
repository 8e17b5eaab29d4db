import type { VoiceActivityDetector, VoiceActivityStream } from '@voicebus/core';

export interface ScriptedVoiceActivityDetectorOptions {
  /** 0 to 1 for the window with this number. Default: 0.99 when it is louder than −40 dBFS, else 0.01. */
  readonly probability?: (window: Float32Array, index: number) => number;
}

/** A detector that goes by loudness or by script. */
export class ScriptedVoiceActivityDetector implements VoiceActivityDetector {
  readonly name = 'scripted';
  readonly #probability: (window: Float32Array, index: number) => number;

  constructor({ probability = byLoudness }: ScriptedVoiceActivityDetectorOptions = {}) {
    this.#probability = probability;
  }

  open(): Promise<VoiceActivityStream> {
    let index = -1;
    return Promise.resolve({
      probability: (window) => {
        index += 1;
        return Promise.resolve(this.#probability(window, index));
      },
      reset: () => {
        index = -1;
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** By the loudness of the window's last 8 ms: a detector that takes no time to notice that speech is over. */
export function loudAtTheEnd(window: Float32Array): number {
  return byLoudness(window.subarray(-128));
}

function byLoudness(window: Float32Array): number {
  let energy = 0;
  for (let index = 0; index < window.length; index += 1) energy += (window[index] ?? 0) ** 2;
  return energy / window.length > 1e-4 ? 0.99 : 0.01;
}
