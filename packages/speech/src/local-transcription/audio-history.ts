/** The last stretch of audio, for what was said before anybody noticed that it was speech. */
export class AudioHistory {
  readonly #capacity: number;
  #chunks: Int16Array[] = [];
  #samples = 0;

  constructor(capacitySamples: number) {
    this.#capacity = capacitySamples;
  }

  write(pcm: Int16Array): void {
    // The writer may use its buffer again.
    this.#chunks.push(pcm.slice());
    this.#samples += pcm.length;
    let first = this.#chunks[0];
    while (first !== undefined && this.#samples - first.length >= this.#capacity) {
      this.#chunks.shift();
      this.#samples -= first.length;
      first = this.#chunks[0];
    }
  }

  /** Gives the audio, at most the capacity, and forgets it. */
  take(): Int16Array {
    const all = new Int16Array(this.#samples);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    this.clear();
    return all.subarray(Math.max(0, all.length - this.#capacity));
  }

  clear(): void {
    this.#chunks = [];
    this.#samples = 0;
  }
}
