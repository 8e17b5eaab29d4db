/**
 * Gives the microphone as frames of 512 samples at 16 kHz (32 ms), each with the context time of its
 * end and where in it the last loud sample lies. Averages the samples that fall into one output
 * sample: a box filter is enough for detection and for words spoken before the call stands.
 */
const targetRateHz = 16_000;
const frameSamples = 512;

class MicrophoneTap extends AudioWorkletProcessor {
  #frame = new Float32Array(frameSamples);
  #filled = 0;
  #sum = 0;
  #count = 0;
  #phase = 0;

  process([input]) {
    const channel = input?.[0];
    if (channel === undefined) return true;
    const step = targetRateHz / sampleRate;
    for (let index = 0; index < channel.length; index++) {
      this.#sum += channel[index];
      this.#count += 1;
      this.#phase += step;
      if (this.#phase < 1) continue;
      this.#phase -= 1;
      this.#frame[this.#filled] = this.#sum / this.#count;
      this.#filled += 1;
      this.#sum = 0;
      this.#count = 0;
      if (this.#filled === frameSamples) this.#post(currentTime + (index + 1) / sampleRate);
    }
    return true;
  }

  #post(endTime) {
    const samples = this.#frame;
    this.port.postMessage({ samples, endTime }, [samples.buffer]);
    this.#frame = new Float32Array(frameSamples);
    this.#filled = 0;
  }
}

registerProcessor('microphone-tap', MicrophoneTap);
