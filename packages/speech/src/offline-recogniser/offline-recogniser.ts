import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Clock,
  SpeechToText,
  TranscriptionStream,
  TranscriptionStreamOptions,
} from '@voicebus/core';
import { asVoicebusError, systemClock, VoicebusError } from '@voicebus/core';
import { ensureDictionary } from './dictionary-file.ts';
import { ensureDomainModel } from './domain-model-file.ts';
import { LocalTranscriptionStream } from '../local-transcription/local-transcription-stream.ts';
import { RecogniserProcess } from './recogniser-process.ts';

export interface OfflineRecogniserOptions {
  /** The program that `tools/recogniser` builds. */
  readonly program: string;
  /** What callers are likely to say, as lower-case words; numbers spelled out. May be empty. */
  readonly sentences?: readonly string[];
  /** Where the model of the sentences is kept. Default: a folder under the system's temporary one. */
  readonly cacheFolder?: string;
  /** The folder of Debian's `pocketsphinx-en-us`. */
  readonly modelFolder?: string;
  /** Share of the sentences' model, 0 to 1; the rest is the general one. */
  readonly domainWeight?: number;
  /** Takes steady noise out of the sound before it is recognised. Default: true. */
  readonly noiseSuppression?: boolean;
  /** More arguments for the program, for measurements. */
  readonly programArguments?: readonly string[];
  /** From an utterance's end to its final. Default 700 ms; the program needs 12 to 80. */
  readonly finalTimeoutMs?: number;
  readonly startTimeoutMs?: number;
  readonly clock?: Clock;
}

const defaultModelFolder = '/usr/share/pocketsphinx/model/en-us';

/**
 * PocketSphinx, one process per caller. A started one is kept in reserve, because a start takes half
 * a second: dictionary and models are read anew for each caller, whose voice it then adapts to.
 */
export class OfflineRecogniser implements SpeechToText {
  readonly name = 'offline';
  readonly #options: OfflineRecogniserOptions;
  readonly #processes = new Set<RecogniserProcess>();
  #arguments: Promise<readonly string[]> | null = null;
  #reserve: RecogniserProcess | null = null;
  #isClosed = false;

  constructor(options: OfflineRecogniserOptions) {
    this.#options = options;
  }

  /** Starts the reserve, so that the first call does not wait. Rejects when nothing works. */
  async warmUp(): Promise<void> {
    await this.#refill();
    await this.#reserve?.ready;
  }

  async open(options: TranscriptionStreamOptions): Promise<TranscriptionStream> {
    if (this.#isClosed) throw new VoicebusError('closed', 'the recogniser is closed');
    const process = await this.#take();
    try {
      await process.ready;
    } catch (thrown) {
      this.#processes.delete(process);
      throw thrown;
    }
    if (options.signal.aborted) {
      this.#close(process);
      throw new VoicebusError('aborted', 'the stream was not opened: the call is over');
    }
    // Filled when somebody is served, so that two calls at once do not wait for each other.
    this.#refill().catch(() => {});
    const { clock = systemClock, finalTimeoutMs = 700 } = this.#options;
    return new LocalTranscriptionStream({
      ...options,
      channel: closing(process, () => this.#processes.delete(process)),
      clock,
      finalTimeoutMs,
      // The decoder works at a fifth of real time: it cannot be this far behind and alive.
      stallTimeoutMs: finalTimeoutMs + 5000,
      noiseSuppression: this.#options.noiseSuppression ?? true,
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const process of this.#processes) process.close();
    this.#processes.clear();
    this.#reserve = null;
    return Promise.resolve();
  }

  async #take(): Promise<RecogniserProcess> {
    const reserve = this.#reserve;
    this.#reserve = null;
    if (reserve?.isUsable === true) return reserve;
    return this.#start();
  }

  async #refill(): Promise<void> {
    if (this.#isClosed || this.#reserve?.isUsable === true) return;
    const process = await this.#start();
    // Somebody else may have filled it in the meantime.
    if (this.#isClosed || this.#reserve !== null) this.#close(process);
    else this.#reserve = process;
  }

  async #start(): Promise<RecogniserProcess> {
    this.#arguments ??= this.#prepare();
    const programArguments = await this.#arguments.catch((thrown: unknown) => {
      // The next call tries again: the disk may have been full.
      this.#arguments = null;
      throw asVoicebusError(
        thrown,
        'provider-failed',
        'the language model or the dictionary of the domain was not written',
      );
    });
    const { program, startTimeoutMs = 10_000 } = this.#options;
    const process = new RecogniserProcess({ program, programArguments, startTimeoutMs });
    this.#processes.add(process);
    return process;
  }

  #close(process: RecogniserProcess): void {
    this.#processes.delete(process);
    process.close();
  }

  async #prepare(): Promise<readonly string[]> {
    const {
      sentences = [],
      modelFolder = defaultModelFolder,
      programArguments = [],
    } = this.#options;
    const { cacheFolder = join(tmpdir(), 'voicebus-recogniser'), domainWeight = 0.3 } =
      this.#options;
    const { program } = this.#options;
    const languageModel = join(modelFolder, 'en-us.lm.bin');
    const wholeDictionary = join(modelFolder, 'cmudict-en-us.dict');
    const own = ['--hmm', join(modelFolder, 'en-us'), '--lm', languageModel, ...programArguments];
    if (sentences.length === 0) return [...own, '--dict', wholeDictionary];
    const [domain, dictionary] = await Promise.all([
      ensureDomainModel(sentences, cacheFolder),
      ensureDictionary({ program, languageModel, wholeDictionary, sentences, cacheFolder }),
    ]);
    const mixed = ['--domain-lm', domain, '--domain-weight', String(domainWeight)];
    return [...own, '--dict', dictionary, ...mixed];
  }
}

/** The process as its stream's channel; closing it also takes it from the list. */
function closing(process: RecogniserProcess, closed: () => void) {
  return {
    attach: process.attach.bind(process),
    startUtterance: process.startUtterance.bind(process),
    endUtterance: process.endUtterance.bind(process),
    write: process.write.bind(process),
    close: () => {
      closed();
      process.close();
    },
  };
}
