import { WordDecoder } from '@voicebus/testing';
import { serveCallers } from './serve-callers.ts';
import type { EngineResult, EngineStream, StreamingEngine } from './streaming-engine.ts';

/** 100 ms: what this engine hears at once. */
const stepSamples = 1_600;

/** Hears the words that `encodeWords` put into the sound, step by step, like a model. */
class WordStream implements EngineStream {
  readonly decoder = new WordDecoder();
  readonly tokens: string[] = [];
  readonly timestamps: number[] = [];
  waiting: number[] = [];
  decodedSamples = 0;
  isFinished = false;

  acceptWaveform({ samples }: { readonly samples: Float32Array }): void {
    for (const sample of samples) this.waiting.push(Math.round(sample * 32_768));
  }

  inputFinished(): void {
    this.isFinished = true;
  }
}

const engine: StreamingEngine<WordStream> = {
  createStream: () => new WordStream(),
  isReady: ({ waiting, isFinished }) =>
    waiting.length >= stepSamples || (isFinished && waiting.length > 0),
  decode: (stream) => {
    const step = stream.waiting.splice(0, stepSamples);
    for (const word of stream.decoder.write(Int16Array.from(step))) {
      stream.tokens.push(` ${word}`);
      stream.timestamps.push(stream.decodedSamples / 16_000);
    }
    stream.decodedSamples += step.length;
  },
  getResult: ({ tokens, timestamps }): EngineResult => ({
    text: tokens.join('').trim(),
    tokens,
    timestamps,
  }),
};

/** Behaves as its argument says, where a folder would stand. */
const behaviours: Readonly<Record<string, () => Promise<StreamingEngine>>> = {
  hears: () => Promise.resolve(engine as StreamingEngine),
  'is no model': () => {
    process.stderr.write("terminate called after throwing an instance of 'Ort::Exception'\n");
    process.stderr.write('  what():  Load model from e.onnx failed:Protobuf parsing failed.\n');
    process.kill(process.pid, 'SIGABRT');
    return new Promise(() => {});
  },
  'loads for ever': () => new Promise(() => {}),
  hangs: () => {
    const hang = (): never => {
      for (;;);
    };
    return Promise.resolve({ ...engine, createStream: hang });
  },
};

const behave = behaviours[process.argv[2] ?? ''];
if (behave) await serveCallers(behave);
