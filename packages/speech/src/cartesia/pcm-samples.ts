/** Bytes of 16-bit little-endian sound, as they come, as samples: a view, except around a torn sample. */
export class PcmSamples {
  #tornByte: number | null = null;

  take(bytes: Uint8Array): Int16Array {
    if (this.#tornByte !== null || bytes.byteOffset % 2 !== 0)
      return this.#view(this.#joined(bytes));
    return this.#view(bytes);
  }

  #view(bytes: Uint8Array): Int16Array {
    this.#tornByte = bytes.byteLength % 2 === 0 ? null : (bytes.at(-1) ?? null);
    return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
  }

  #joined(bytes: Uint8Array): Uint8Array {
    const torn = this.#tornByte === null ? [] : [this.#tornByte];
    const joined = new Uint8Array(torn.length + bytes.byteLength);
    joined.set(torn);
    joined.set(bytes, torn.length);
    return joined;
  }
}
