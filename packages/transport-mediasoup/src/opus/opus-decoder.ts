import { createDecoder, type OpusDecoderHandle } from 'libopus-wasm';

const sampleRateHz = 16_000;
/** Beyond this, concealment is invented sound; silence is honest. */
const concealMs = 60;
/** What a lost packet held, as browsers send them. */
const lostMs = 20;
const lostSamples = (lostMs * sampleRateHz) / 1000;
/** A longer hole (a tunnel, a sleeping laptop) is no part of the conversation. */
const longestGapMs = 2_000;

/** One caller's Opus packets (10 to 60 ms, mono or stereo) to 16 kHz mono. */
export class OpusDecoder {
  readonly #decoder: OpusDecoderHandle;
  readonly counters = { invalid: 0 };

  private constructor(decoder: OpusDecoderHandle) {
    this.#decoder = decoder;
  }

  static async create(): Promise<OpusDecoder> {
    return new OpusDecoder(await createDecoder({ sampleRate: sampleRateHz, channels: 1 }));
  }

  /** Empty for a packet that is no Opus. */
  decode(payload: Uint8Array): Int16Array {
    try {
      return this.#decoder.decode(payload);
    } catch {
      this.counters.invalid += 1;
      return new Int16Array(0);
    }
  }

  /**
   * Sound for `missingMs` that never came before the packet `next`: concealed at first, then silent, and
   * never too long. Its last 20 ms come from the copy that `next` carries of its predecessor, if it does.
   */
  conceal(missingMs: number, next: Uint8Array): Int16Array {
    const gapMs = Math.min(missingMs, longestGapMs);
    const pcm = new Int16Array(Math.round((gapMs * sampleRateHz) / 1000));
    if (gapMs < lostMs) return pcm;
    const copyMs = gapMs - lostMs;
    for (let startMs = 0; startMs + lostMs <= Math.min(copyMs, concealMs); startMs += lostMs) {
      pcm.set(this.#decoder.decodePacketLoss(lostSamples), samplesIn(startMs));
    }
    if (gapMs <= concealMs) pcm.set(this.#copyIn(next), pcm.length - lostSamples);
    return pcm;
  }

  close(): void {
    this.#decoder.free();
  }

  /** Forward error correction; Opus conceals by itself where the packet has no copy. */
  #copyIn(next: Uint8Array): Int16Array {
    try {
      return this.#decoder.decode(next, { decodeFec: true, frameSize: lostSamples });
    } catch {
      return new Int16Array(0);
    }
  }
}

function samplesIn(durationMs: number): number {
  return Math.round((durationMs * sampleRateHz) / 1000);
}
