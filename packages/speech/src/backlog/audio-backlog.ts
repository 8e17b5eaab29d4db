/** A piece of the call's sound; `start` counts samples from the beginning of the call. */
export interface SoundChunk {
  readonly start: number;
  readonly pcm: Int16Array<ArrayBuffer>;
}

/** 80 ms at 16 kHz, the size that Deepgram recommends: smaller ones only cost. */
export const chunkSamples = 1_280;

/**
 * The sound that may still have to be sent, for the first time or again: what came while there was no
 * connection, and the utterance that runs. Bounded: the oldest goes first, and is counted.
 */
export class AudioBacklog {
  readonly #capacity: number;
  #chunks: SoundChunk[] = [];
  #filling = new Int16Array(chunkSamples);
  #filled = 0;
  /** Samples written since the call began. */
  #end = 0;
  /** Samples that were thrown away because there was no room. */
  dropped = 0;

  constructor(capacitySamples: number) {
    this.#capacity = capacitySamples;
  }

  get end(): number {
    return this.#end;
  }

  write(pcm: Int16Array): void {
    // The only copy on our side: the writer may use its buffer again.
    for (let at = 0; at < pcm.length;) {
      const piece = pcm.subarray(at, at + chunkSamples - this.#filled);
      this.#filling.set(piece, this.#filled);
      this.#filled += piece.length;
      this.#end += piece.length;
      at += piece.length;
      if (this.#filled === chunkSamples) this.flush();
    }
  }

  /** What came last need not wait for a whole chunk. */
  flush(): void {
    if (this.#filled === 0) return;
    const pcm = this.#filling.subarray(0, this.#filled);
    this.#chunks.push({ start: this.#end - this.#filled, pcm });
    this.#filling = new Int16Array(chunkSamples);
    this.#filled = 0;
    for (let first = this.#chunks[0]; first !== undefined; first = this.#chunks[0]) {
      if (this.#end - first.start <= this.#capacity) return;
      this.#chunks.shift();
      this.dropped += first.pcm.length;
    }
  }

  /** The first sound from this sample on; later than asked for where that was dropped. */
  next(fromSample: number): SoundChunk | null {
    let index = this.#chunks.length;
    while (index > 0 && endOf(this.#chunks[index - 1]) > fromSample) index -= 1;
    const chunk = this.#chunks[index];
    if (chunk === undefined) return null;
    const skipped = Math.max(0, fromSample - chunk.start);
    return { start: chunk.start + skipped, pcm: chunk.pcm.subarray(skipped) };
  }

  forget(beforeSample: number): void {
    const index = this.#chunks.findIndex((chunk) => endOf(chunk) > beforeSample);
    if (index > 0) this.#chunks.splice(0, index);
    if (index === -1) this.#chunks = [];
  }
}

function endOf(chunk: SoundChunk | undefined): number {
  return chunk === undefined ? -1 : chunk.start + chunk.pcm.length;
}
