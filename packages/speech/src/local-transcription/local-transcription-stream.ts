import type {
  Clock,
  TranscriptionStream,
  TranscriptionStreamOptions,
  WordTiming,
} from '@voicebus/core';
import { fairDeadline, VoicebusError } from '@voicebus/core';
import { NoiseSuppressor } from '../noise/noise-suppressor.ts';
import { AudioHistory } from './audio-history.ts';
import type {
  RecogniserChannel,
  RecogniserListener,
  UtteranceMessage,
} from './recogniser-channel.ts';

/** 300 ms at 16 kHz: a detector that needs 64 to 96 ms of speech, and a soft first consonant. */
const historySamples = 4800;
/**
 * A decoder that still gives partials is alive and only behind, on a machine with too much to do: the rest of
 * what was said is worth a longer wait, up to this.
 */
const longestFinalMs = 3_000;

export interface LocalTranscriptionStreamOptions extends TranscriptionStreamOptions {
  readonly channel: RecogniserChannel;
  readonly clock: Clock;
  /** After the end of an utterance the best partial becomes the final. */
  readonly finalTimeoutMs: number;
  /** After the end of an utterance a program that has said nothing counts as hanging. */
  readonly stallTimeoutMs: number;
  readonly noiseSuppression: boolean;
}

/** 16 kHz. */
const samplesPerMs = 16;

interface Utterance {
  readonly id: string;
  partial: string;
  isFinal: boolean;
  /** When the final is due, and at the latest; null while the utterance runs. */
  due: { readonly atMs: number; readonly latestMs: number } | null;
  cancelDeadline: () => void;
  cancelStall: () => void;
}

/** One caller's recogniser: keeps the utterances apart and sees to it that each gets its final. */
export class LocalTranscriptionStream implements TranscriptionStream, RecogniserListener {
  readonly #options: LocalTranscriptionStreamOptions;
  readonly #suppressor: NoiseSuppressor | null;
  readonly #history = new AudioHistory(historySamples);
  /** Started and not yet answered by the program, by number. */
  readonly #utterances = new Map<number, Utterance>();
  #lastNumber = 0;
  #isSpeaking = false;
  /** Of the utterance that runs: when it began, and how much sound has come since. */
  #startedMs = 0;
  #samples = 0;
  #isOpen = true;

  constructor(options: LocalTranscriptionStreamOptions) {
    this.#options = options;
    this.#suppressor = options.noiseSuppression ? new NoiseSuppressor() : null;
    options.signal.addEventListener('abort', this.#close, { once: true });
    options.channel.attach(this);
  }

  startUtterance(utteranceId: string): void {
    if (!this.#isOpen) return;
    const earlier = this.#utterances.get(this.#lastNumber);
    if (this.#isSpeaking && earlier !== undefined) this.endUtterance(earlier.id);
    this.#lastNumber += 1;
    this.#isSpeaking = true;
    this.#startedMs = this.#options.clock.now();
    this.#samples = 0;
    const nothing = (): void => {};
    this.#utterances.set(this.#lastNumber, {
      id: utteranceId,
      partial: '',
      isFinal: false,
      due: null,
      cancelDeadline: nothing,
      cancelStall: nothing,
    });
    this.#options.channel.startUtterance(this.#lastNumber);
    this.#options.channel.write(this.#history.take());
  }

  write(pcm: Int16Array): void {
    if (!this.#isOpen) return;
    const clean = this.#suppressor?.process(pcm, this.#isSpeaking) ?? pcm;
    if (this.#isSpeaking) {
      this.#samples += pcm.length;
      this.#options.channel.write(clean);
    } else this.#history.write(clean);
  }

  endUtterance(utteranceId: string): void {
    const number = this.#lastNumber;
    const utterance = this.#utterances.get(number);
    if (!this.#isOpen || !this.#isSpeaking || utterance?.id !== utteranceId) return;
    this.#isSpeaking = false;
    const { channel, clock, finalTimeoutMs } = this.#options;
    // Sound that came faster than it was spoken (words recorded before the call stood) has to be heard first.
    const aheadMs = Math.max(0, this.#samples / samplesPerMs - (clock.now() - this.#startedMs));
    channel.endUtterance(number);
    const heardMs = clock.now() + aheadMs;
    const latestMs = heardMs + Math.max(finalTimeoutMs, longestFinalMs);
    utterance.due = { atMs: heardMs + finalTimeoutMs, latestMs };
    this.#awaitFinal(utterance);
  }

  /** From the end of the utterance on; a sign of life may put both deadlines off. */
  #awaitFinal(utterance: Utterance): void {
    if (utterance.due === null) return;
    const { clock, finalTimeoutMs, stallTimeoutMs } = this.#options;
    utterance.cancelDeadline();
    utterance.cancelStall();
    const now = clock.now();
    const { atMs, latestMs } = utterance.due;
    const dueMs = Math.min(latestMs, Math.max(atMs, now + finalTimeoutMs));
    utterance.due = { atMs: dueMs, latestMs };
    utterance.cancelDeadline = fairDeadline({
      clock,
      limitMs: dueMs - now,
      rule: () => this.#finish(utterance, utterance.partial),
      onStoodStill: (ms) => {
        utterance.due = { atMs: dueMs + ms, latestMs: latestMs + ms };
      },
    });
    utterance.cancelStall = fairDeadline({
      clock,
      limitMs: dueMs - now + stallTimeoutMs - finalTimeoutMs,
      rule: () => {
        const message = `the recogniser has not answered for ${stallTimeoutMs} ms`;
        this.onFailure(new VoicebusError('deadline', message, { isRetryable: true }));
      },
    });
  }

  onMessage(message: UtteranceMessage): void {
    const utterance = this.#utterances.get(message.utterance);
    if (!this.#isOpen || utterance === undefined) return;
    if (message.type === 'partial') {
      this.#awaitFinal(utterance);
      if (utterance.isFinal || message.text === '') return;
      utterance.partial = message.text;
      this.#options.onResult({ type: 'interim', utteranceId: utterance.id, text: message.text });
      return;
    }
    this.#utterances.delete(message.utterance);
    utterance.cancelStall();
    this.#finish(utterance, message.text, message.words);
  }

  onFailure(error: VoicebusError): void {
    if (!this.#isOpen) return;
    // Whoever waits for a final gets the best there is before hearing that there will be no more.
    for (const utterance of this.#utterances.values()) this.#finish(utterance, utterance.partial);
    this.#close();
    this.#options.onError(error);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    return Promise.resolve();
  }

  #finish(utterance: Utterance, text: string, words: readonly WordTiming[] = []): void {
    utterance.cancelDeadline();
    if (utterance.isFinal) return;
    utterance.isFinal = true;
    const result = { type: 'final', utteranceId: utterance.id, text } as const;
    this.#options.onResult(words.length > 0 ? { ...result, words } : result);
  }

  readonly #close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#options.signal.removeEventListener('abort', this.#close);
    for (const utterance of this.#utterances.values()) {
      utterance.cancelDeadline();
      utterance.cancelStall();
    }
    this.#utterances.clear();
    this.#options.channel.close();
  };
}
