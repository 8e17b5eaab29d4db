import { createDecoder, type OpusDecoderHandle } from 'libopus-wasm';

const sampleRateHz = 16_000;
/** Beyond this, concealment is invented sound; silence is honest. */
const concealMs = 60;
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

  /** Sound for `missingMs` that never came: concealed at first, then silent, and never too long. */
  conceal(missingMs: number): Int16Array {
    const gapMs = Math.min(missingMs, longestGapMs);
    const pcm = new Int16Array(Math.round((gapMs * sampleRateHz) / 1000));
    // Packet loss concealment works in steps of 2.5 ms; 20 ms is what a lost packet held.
    for (let startMs = 0; startMs + 20 <= Math.min(gapMs, concealMs); startMs += 20) {
      pcm.set(this.#decoder.decodePacketLoss(sampleRateHz / 50), (startMs * sampleRateHz) / 1000);
    }
    return pcm;
  }

  close(): void {
    this.#decoder.free();
  }
}
