import type { UtteranceMessage } from '../local-transcription/recogniser-channel.ts';
import { heardWords } from './heard-words.ts';
import type { EngineStream, StreamingEngine } from './streaming-engine.ts';

const sampleRate = 16_000;
/** A transducer looks ahead: without so much silence behind it the last word stays unheard. */
const tailSamples = sampleRate * 0.66;
const fullScale = 32_768;

/** One caller's utterances in the engine, one at a time. */
export class CallerDecoder {
  readonly #engine: StreamingEngine;
  readonly #tell: (message: UtteranceMessage) => void;
  #running: { readonly utterance: number; readonly stream: EngineStream; text: string } | null =
    null;

  constructor(engine: StreamingEngine, tell: (message: UtteranceMessage) => void) {
    this.#engine = engine;
    this.#tell = tell;
  }

  start(utterance: number): void {
    this.#running = { utterance, stream: this.#engine.createStream(), text: '' };
  }

  /** As fast as it can: nothing more is taken in meanwhile, so what waits does so at the sender. */
  hear(pcm: Int16Array): void {
    const running = this.#running;
    if (running === null) return;
    const samples = Float32Array.from(pcm, (sample) => sample / fullScale);
    running.stream.acceptWaveform({ samples, sampleRate });
    if (!this.#decode(running.stream)) return;
    const { text } = heardWords(this.#engine.getResult(running.stream));
    if (text === '' || text === running.text) return;
    running.text = text;
    this.#tell({ type: 'partial', utterance: running.utterance, text });
  }

  end(utterance: number): void {
    const running = this.#running;
    if (running?.utterance !== utterance) return;
    this.#running = null;
    const { stream } = running;
    stream.acceptWaveform({ samples: new Float32Array(tailSamples), sampleRate });
    stream.inputFinished();
    this.#decode(stream);
    this.#tell({ type: 'final', utterance, ...heardWords(this.#engine.getResult(stream)) });
  }

  #decode(stream: EngineStream): boolean {
    let isDecoded = false;
    while (this.#engine.isReady(stream)) {
      this.#engine.decode(stream);
      isDecoded = true;
    }
    return isDecoded;
  }
}
