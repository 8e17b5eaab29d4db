import {
  providerError,
  VoicebusError,
  type SpeakOptions,
  type SpeechPart,
  type TextToSpeech,
} from '@voicebus/core';
import { noSuchVoice } from '../clauses/no-such-voice.ts';
import { speakClauses } from '../clauses/speak-clauses.ts';
import { settingError, sherpaName } from '../sherpa-package/sherpa-package.ts';
import { loadSherpaEngine, type SherpaEngine } from './sherpa-engine.ts';

export interface SherpaVoicesOptions {
  /** Of a Kokoro model of sherpa-onnx; loaded with the first message, or by `warmUp`. */
  readonly folder: string;
  /** The model's speakers by our names, from 0. */
  readonly speakers: Readonly<Record<string, number>>;
  /** Default: sherpa-onnx itself. */
  readonly load?: (folder: string) => Promise<SherpaEngine>;
}

/** Clauses that wait for their turn: beyond it the machine is too slow for its callers. */
const maxWaiting = 32;
/** What Opus takes as it is. */
const rates = [8_000, 12_000, 16_000, 24_000, 48_000];

/** Speech by a model on this machine, through sherpa-onnx. One mark per clause; one clause at a time. */
export class SherpaVoices implements TextToSpeech {
  readonly name = sherpaName;
  readonly voices: readonly string[];
  readonly #options: SherpaVoicesOptions;
  #engine: Promise<SherpaEngine> | null = null;
  #lastTurn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #isClosed = false;

  constructor(options: SherpaVoicesOptions) {
    this.#options = options;
    this.voices = Object.keys(options.speakers);
  }

  async warmUp(): Promise<void> {
    const [voice = ''] = this.voices;
    await this.#synthesise('Hello.', voice, new AbortController().signal);
  }

  async *speak({ text, voice, signal }: SpeakOptions): AsyncIterable<SpeechPart> {
    if (!this.voices.includes(voice)) throw noSuchVoice(voice, this.voices);
    yield* speakClauses({
      text,
      signal,
      speakable: (clause) => (/[\p{L}\p{N}]/u.test(clause) ? clause : ''),
      synthesise: (clause) => this.#synthesise(clause, voice, signal),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    // The model is the garbage collector's; a clause that is being spoken is waited for.
    await this.#lastTurn;
  }

  /** Null when aborted: then at once, while the model still finishes its clause. */
  async #synthesise(
    clause: string,
    voice: string,
    signal: AbortSignal,
  ): Promise<{ readonly pcm: Int16Array; readonly sampleRateHz: number } | null> {
    const stopped = Promise.withResolvers<null>();
    const stop = (): void => stopped.resolve(null);
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([this.#inTurn(clause, voice, signal), stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** The model takes all cores: clauses are spoken one after the other. */
  async #inTurn(clause: string, voice: string, signal: AbortSignal) {
    if (this.#isClosed) throw new VoicebusError('closed', 'the sherpa voices are closed');
    if (this.#waiting >= maxWaiting) {
      const message = `${maxWaiting} clauses wait for the model: this machine is too slow for so many callers`;
      throw providerError({ provider: sherpaName, fault: 'overloaded', message });
    }
    this.#waiting += 1;
    const turn = this.#lastTurn.then(async () => {
      if (signal.aborted) return null;
      const engine = await this.#load();
      const sid = this.#options.speakers[voice] ?? 0;
      const { samples, sampleRate } = await engine.generateAsync({ text: clause, sid, speed: 1 });
      return { pcm: Int16Array.from(samples, toSample), sampleRateHz: sampleRate };
    });
    this.#lastTurn = turn.catch(() => {}).finally(() => (this.#waiting -= 1));
    return turn;
  }

  async #load(): Promise<SherpaEngine> {
    this.#engine ??= this.#open();
    try {
      return await this.#engine;
    } catch (thrown) {
      // Corrected while the process runs: the next message tries again.
      this.#engine = null;
      throw thrown;
    }
  }

  async #open(): Promise<SherpaEngine> {
    const { folder, speakers, load = loadSherpaEngine } = this.#options;
    const engine = await load(folder);
    const absent = Object.entries(speakers).find(([, sid]) => sid >= engine.numSpeakers);
    if (absent) {
      const [voice, sid] = absent;
      throw settingError(
        `SHERPA_VOICE_${voice.toUpperCase()} is ${sid}, and the model in SHERPA_VOICES_FOLDER has ${engine.numSpeakers} speakers, from 0. Correct it.`,
      );
    }
    if (!rates.includes(engine.sampleRate)) {
      throw settingError(
        `The model in SHERPA_VOICES_FOLDER speaks at ${engine.sampleRate} Hz, which calls cannot carry. Take a Kokoro model: it has 24000 Hz.`,
      );
    }
    return engine;
  }
}

function toSample(value: number): number {
  return Math.round(Math.max(-1, Math.min(1, value)) * 32_767);
}
