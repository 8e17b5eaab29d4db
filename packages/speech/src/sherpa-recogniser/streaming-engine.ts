import { loadSherpaPackage } from '../sherpa-package/sherpa-package.ts';
import { findModelFiles } from './model-files.ts';

/** One utterance in the engine. */
export interface EngineStream {
  /** `samples` from −1 to 1. */
  acceptWaveform(sound: { readonly samples: Float32Array; readonly sampleRate: number }): void;
  inputFinished(): void;
}

export interface EngineResult {
  readonly text: string;
  /** Pieces of words; one that begins a word begins with a space. */
  readonly tokens: readonly string[];
  /** Seconds from the beginning of the stream at which each token was heard. */
  readonly timestamps: readonly number[];
}

/** As much of sherpa-onnx's streaming recogniser as is used here. */
export interface StreamingEngine<Stream extends EngineStream = EngineStream> {
  createStream(): Stream;
  /** Enough sound has come for another step. */
  isReady(stream: Stream): boolean;
  decode(stream: Stream): void;
  getResult(stream: Stream): EngineResult;
}

interface SherpaModule {
  readonly OnlineRecognizer: new (config: object) => StreamingEngine;
}

/** A second thread saves a caller little, and takes a core from the others. */
const threads = 1;

/**
 * Loads the model of this folder. What is not there is an error that says so; a file that is no model ends
 * the process, which is why this one runs in a process of its own.
 */
export async function loadStreamingEngine(folder: string): Promise<StreamingEngine> {
  const { tokens, ...transducer } = findModelFiles(folder);
  const { OnlineRecognizer } = await loadSherpaPackage<SherpaModule>('STT');
  return new OnlineRecognizer({
    featConfig: { sampleRate: 16_000, featureDim: 80 },
    modelConfig: { transducer, tokens, numThreads: threads, provider: 'cpu' },
    decodingMethod: 'greedy_search',
    // When somebody has stopped speaking is ours to say.
    enableEndpoint: false,
  });
}
