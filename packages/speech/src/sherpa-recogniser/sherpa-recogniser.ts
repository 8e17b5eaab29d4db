import {
  systemClock,
  VoicebusError,
  type Clock,
  type SpeechToText,
  type TranscriptionStream,
  type TranscriptionStreamOptions,
} from '@voicebus/core';
import { LocalTranscriptionStream } from '../local-transcription/local-transcription-stream.ts';
import { sherpaName } from '../sherpa-package/sherpa-package.ts';
import { findModelFiles } from './model-files.ts';
import { SherpaProcess } from './sherpa-process.ts';

export interface SherpaRecogniserOptions {
  /** Of a streaming transducer of sherpa-onnx; loaded with the first call, or by `warmUp`. */
  readonly folder: string;
  /** Default: sherpa-onnx itself. Tests bring their own, which looks into no folder. */
  readonly program?: URL;
  /** A large model from a slow disk, on a machine that is busy with its own start. */
  readonly startTimeoutMs?: number;
  readonly openTimeoutMs?: number;
  /** From an utterance's end to its final. */
  readonly finalTimeoutMs?: number;
  readonly clock?: Clock;
}

/** Recognition by a model on this machine, through sherpa-onnx: one process for all callers. */
export class SherpaRecogniser implements SpeechToText {
  readonly name = sherpaName;
  readonly #options: SherpaRecogniserOptions;
  #process: SherpaProcess | null = null;
  /** Resolves once none of those that there were runs any more. */
  #gone: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: SherpaRecogniserOptions) {
    this.#options = options;
  }

  async warmUp(): Promise<void> {
    await this.#start().loaded;
  }

  async open(options: TranscriptionStreamOptions): Promise<TranscriptionStream> {
    const channel = await this.#start().open();
    if (options.signal.aborted) {
      channel.close();
      throw new VoicebusError('aborted', 'the stream was not opened: the call is over');
    }
    const { clock = systemClock, finalTimeoutMs = 700 } = this.#options;
    return new LocalTranscriptionStream({
      ...options,
      channel,
      clock,
      finalTimeoutMs,
      // A model that is fit for conversation is never this far behind and alive.
      stallTimeoutMs: finalTimeoutMs + 5_000,
      // It has heard noise when it was trained; sound that was cleaned it has not.
      noiseSuppression: false,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#process?.close();
    await this.#gone;
  }

  /** The one that runs, else another: what made it fail may have been corrected meanwhile. */
  #start(): SherpaProcess {
    if (this.#isClosed) throw new VoicebusError('closed', 'the recogniser is closed');
    if (this.#process?.isUsable === true) return this.#process;
    const { folder, program, startTimeoutMs = 60_000, openTimeoutMs = 5_000 } = this.#options;
    if (program === undefined) findModelFiles(folder);
    this.#process = new SherpaProcess({
      program: program ?? new URL('./sherpa-program.ts', import.meta.url),
      folder,
      startTimeoutMs,
      openTimeoutMs,
    });
    this.#gone = Promise.all([this.#gone, this.#process.gone]);
    return this.#process;
  }
}
