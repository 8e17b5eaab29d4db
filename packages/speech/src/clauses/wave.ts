export interface Wave {
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
}

/** A synthesised clause. */
export interface SpokenWave extends Wave {
  /** When each word of what was synthesised begins; absent where the synthesiser does not know. */
  readonly wordStartsMs?: readonly number[];
}

/** Reads a mono 16-bit RIFF wave. */
export function parseWave(bytes: Uint8Array): Wave {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 44 || name(0) !== 'RIFF' || name(8) !== 'WAVE')
    throw new Error('no wave file');
  let sampleRateHz = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (name(at) === 'fmt ') {
      if (view.getUint16(body + 2, true) !== 1 || view.getUint16(body + 14, true) !== 16) {
        throw new Error('not a mono wave file of 16 bit');
      }
      sampleRateHz = view.getUint32(body + 4, true);
    }
    if (name(at) === 'data') {
      // Programs that write to a pipe do not know the size and put a placeholder.
      const end = Math.min(bytes.length, body + size);
      const pcm = new Int16Array((end - body) >> 1);
      for (let index = 0; index < pcm.length; index += 1) {
        pcm[index] = view.getInt16(body + index * 2, true);
      }
      return { pcm, sampleRateHz };
    }
    at = body + size + (size % 2);
  }
  throw new Error('a wave file without samples');
}
