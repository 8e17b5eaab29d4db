import { Application, createDecoder, createEncoder } from 'libopus-wasm';

const format = { sampleRate: 16_000, channels: 1 } as const;
/** 20 ms. */
const frameSamples = 320;

/** 16 kHz mono as it comes out at the other end of a call, coded as `SpokenMicrophone` does. */
export async function throughOpus(pcm: Int16Array): Promise<Int16Array> {
  const encoder = await createEncoder({
    ...format,
    application: Application.Voip,
    bitrate: 40_000,
    complexity: 3,
  });
  const decoder = await createDecoder(format);
  const whole = new Int16Array(Math.ceil(pcm.length / frameSamples) * frameSamples);
  whole.set(pcm);
  for (let at = 0; at < whole.length; at += frameSamples) {
    const packet = encoder.encode(whole.slice(at, at + frameSamples));
    whole.set(decoder.decode(packet).subarray(0, frameSamples), at);
  }
  encoder.free();
  decoder.free();
  return whole;
}
