/**
 * Measures what passes: root mean square and the first audible sample of each 10 ms, with its context
 * time. Audible is −60 dBFS: above the comfort noise of a decoder, below the quietest speech.
 */
const audible = 0.001;

class PlaybackMeter extends AudioWorkletProcessor {
  #sum = 0;
  #count = 0;
  #firstAudible = null;
  #blockSamples = Math.round(sampleRate / 100);

  process([input]) {
    const channel = input?.[0];
    const length = channel?.length ?? 128;
    for (let index = 0; index < length; index++) {
      const sample = channel?.[index] ?? 0;
      this.#sum += sample * sample;
      this.#count += 1;
      if (this.#firstAudible === null && Math.abs(sample) > audible) {
        this.#firstAudible = currentTime + index / sampleRate;
      }
      if (this.#count === this.#blockSamples) this.#post(currentTime + (index + 1) / sampleRate);
    }
    return true;
  }

  #post(endTime) {
    const level = Math.sqrt(this.#sum / this.#count);
    this.port.postMessage({ level, firstAudible: this.#firstAudible, endTime });
    this.#sum = 0;
    this.#count = 0;
    this.#firstAudible = null;
  }
}

registerProcessor('playback-meter', PlaybackMeter);
