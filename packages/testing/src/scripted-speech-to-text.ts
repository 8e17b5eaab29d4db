import type {
  Clock,
  SpeechToText,
  TranscriptionStream,
  TranscriptionStreamOptions,
  TurnResult,
} from '@voicebus/core';
import { systemClock, VoicebusError } from '@voicebus/core';
import { WordDecoder } from './spoken-words.ts';

/** What the script is asked about when an utterance ends. */
export interface ScriptedUtterance {
  readonly sessionId: string;
  readonly utteranceId: string;
  /** Counts this recogniser's utterances from 0, over all sessions. */
  readonly index: number;
  /** What `encodeWords` put into the audio; empty for any other audio. */
  readonly heard: string;
  readonly samples: number;
}

export interface ScriptedSpeechToTextOptions {
  readonly clock?: Clock;
  /**
   * The finals, in order or by rule; `null` means that no final ever comes. Default: the words that
   * `encodeWords` put into the audio.
   */
  readonly finals?: readonly (string | null)[] | ((utterance: ScriptedUtterance) => string | null);
  /** From the end of the utterance to its final. Default 0: at once, in the same call. */
  readonly finalDelayMs?: number;
}

/** A recogniser that hears what the test says. Words in the audio come as interims, too. */
export class ScriptedSpeechToText implements SpeechToText {
  readonly name = 'scripted';
  /** Every ended utterance, for assertions. */
  readonly utterances: ScriptedUtterance[] = [];
  readonly #options: ScriptedSpeechToTextOptions;
  readonly #streams = new Set<ScriptedTranscriptionStream>();
  #isClosed = false;

  constructor(options: ScriptedSpeechToTextOptions = {}) {
    this.#options = options;
  }

  async open(options: TranscriptionStreamOptions): Promise<TranscriptionStream> {
    if (this.#isClosed) throw new VoicebusError('closed', 'The recogniser is closed.');
    if (options.signal.aborted) throw new VoicebusError('aborted', 'The call is over.');
    const stream = new ScriptedTranscriptionStream({
      ...options,
      clock: this.#options.clock ?? systemClock,
      finalDelayMs: this.#options.finalDelayMs ?? 0,
      decide: (utterance) => this.#decide(utterance),
      closed: () => this.#streams.delete(stream),
    });
    this.#streams.add(stream);
    return stream;
  }

  /** Says this about every utterance that runs, as recognisers do that judge turns. */
  judge(judgement: TurnResult['type']): void {
    for (const stream of this.#streams) stream.judge(judgement);
  }

  /** Breaks every open stream, as a provider does that goes away. */
  fail(error: Error): void {
    for (const stream of this.#streams) stream.fail(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    for (const stream of this.#streams) stream.close();
    return Promise.resolve();
  }

  #decide(utterance: Omit<ScriptedUtterance, 'index'>): string | null {
    const whole = { ...utterance, index: this.utterances.length };
    this.utterances.push(whole);
    const { finals } = this.#options;
    if (finals === undefined) return whole.heard;
    if (typeof finals === 'function') return finals(whole);
    const text = finals[whole.index];
    return text === undefined ? '' : text;
  }
}

interface ScriptedStreamOptions extends TranscriptionStreamOptions {
  readonly clock: Clock;
  readonly finalDelayMs: number;
  readonly decide: (utterance: Omit<ScriptedUtterance, 'index'>) => string | null;
  readonly closed: () => void;
}

/** 300 ms at 16 kHz, as the real recognisers keep. */
const preRollSamples = 4_800;

class ScriptedTranscriptionStream implements TranscriptionStream {
  readonly #options: ScriptedStreamOptions;
  #utterance: { id: string; decoder: WordDecoder; words: string[]; samples: number } | null = null;
  #isOpen = true;
  /** A detector is late: what came just before the utterance belongs to it. */
  readonly #before: Int16Array[] = [];

  constructor(options: ScriptedStreamOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.close(), { once: true });
  }

  startUtterance(utteranceId: string): void {
    if (this.#utterance !== null) this.endUtterance(this.#utterance.id);
    this.#utterance = { id: utteranceId, decoder: new WordDecoder(), words: [], samples: 0 };
    for (const pcm of this.#before.splice(0)) this.write(pcm);
  }

  write(pcm: Int16Array): void {
    const utterance = this.#utterance;
    if (!this.#isOpen) return;
    if (utterance === null) {
      this.#before.push(pcm);
      if (this.#before.length * pcm.length > preRollSamples) this.#before.shift();
      return;
    }
    utterance.samples += pcm.length;
    for (const word of utterance.decoder.write(pcm)) {
      utterance.words.push(word);
      const text = utterance.words.join(' ');
      this.#options.onResult({ type: 'interim', utteranceId: utterance.id, text });
    }
  }

  endUtterance(utteranceId: string): void {
    const utterance = this.#utterance;
    if (!this.#isOpen || utterance?.id !== utteranceId) return;
    this.#utterance = null;
    const { clock, finalDelayMs, sessionId, decide } = this.#options;
    const heard = utterance.words.join(' ');
    const text = decide({ sessionId, utteranceId, heard, samples: utterance.samples });
    if (text === null) return;
    const answer = (): void => {
      if (this.#isOpen) this.#options.onResult({ type: 'final', utteranceId, text });
    };
    if (finalDelayMs > 0) clock.after(finalDelayMs, answer);
    else answer();
  }

  judge(type: TurnResult['type']): void {
    const utterance = this.#utterance;
    if (!this.#isOpen || utterance === null) return;
    const text = utterance.words.join(' ');
    this.#options.onResult({ type, utteranceId: utterance.id, text });
  }

  fail(error: Error): void {
    if (!this.#isOpen) return;
    this.close();
    this.#options.onError(error);
  }

  close(): void {
    this.#isOpen = false;
    this.#options.closed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }
}
