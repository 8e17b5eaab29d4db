import { DeepgramClient } from '@deepgram/sdk';
import { fairDeadline, VoicebusError, type Clock } from '@voicebus/core';
import type { SoundChunk } from '../backlog/audio-backlog.ts';
import {
  closedError,
  garbledError,
  lateError,
  refusedError,
  unreachableError,
  type DeepgramAddress,
} from './deepgram-error.ts';
import type { Dialect, ServiceStream } from './dialect.ts';
import type { Heard, Segment } from './heard.ts';
import { ServiceSocket } from './service-socket.ts';
import { SoundClock } from './sound-clock.ts';

export interface ConnectionOptions {
  readonly dialect: Dialect;
  readonly address: DeepgramAddress;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  /** Aborts the opening, and closes what is open. */
  readonly signal: AbortSignal;
  /** What was heard, in the call's time. */
  readonly onHeard: (heard: Heard) => void;
  /** The connection is over, not by our doing. */
  readonly onLost: (error: VoicebusError, isUnknownRequest: boolean) => void;
  /** Something that waited to be sent has been. */
  readonly onSent: () => void;
}

/** Half of the 10 s after which the service takes a silent client for gone. */
const keepAliveMs = 5_000;
/** So often it is looked whether that is due, and whether this process stood still in between. */
const lookEveryMs = 500;
/** One may be a hiccup of a proxy. */
const mostGarbled = 3;
/** Two seconds of sound: more than that is not on its way, it is stuck. */
const mostWaitingBytes = 64_000;

/** One connection to the service: what it was sent, and what it made of it. */
export class DeepgramConnection {
  readonly #options: ConnectionOptions;
  readonly #soundClock = new SoundClock();
  readonly #opened = Promise.withResolvers<void>();
  #socket: ServiceSocket | null = null;
  #stream: ServiceStream | null = null;
  #isOver = false;
  #isOpen = false;
  #garbled = 0;
  #lastSentMs: number;
  #lookDueMs: number;
  /** When the service was last heard, and since when something waits for its answer. */
  #owedSinceMs: number | null = null;
  #cancelTimer: () => void = () => {};

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#lastSentMs = options.clock.now();
    this.#lookDueMs = this.#lastSentMs;
  }

  /** Rejects with why there is none, and leaves nothing behind. */
  static async open(options: ConnectionOptions): Promise<DeepgramConnection> {
    const connection = new DeepgramConnection(options);
    await connection.#open();
    return connection;
  }

  get hasRoom(): boolean {
    return this.#isOpen && !this.#isOver && (this.#socket?.waitingBytes ?? 0) < mostWaitingBytes;
  }

  /** Since when the service has owed a word about sound that it was sent; null: it does not. */
  get owedSinceMs(): number | null {
    this.#noticeStandstill();
    return this.#owedSinceMs;
  }

  send(chunk: SoundChunk): void {
    if (this.#isOver) return;
    this.#soundClock.sent(chunk);
    this.#lastSentMs = this.#options.clock.now();
    this.#owedSinceMs ??= this.#lastSentMs;
    this.#stream?.sendSound(chunk.pcm);
  }

  askForEnd(): void {
    if (!this.#isOver) this.#stream?.askForEnd();
  }

  close(): void {
    if (this.#isOver) return;
    this.#end();
    this.#opened.reject(new VoicebusError('aborted', 'The call is over.'));
  }

  async #open(): Promise<void> {
    const { address, dialect, clock, connectTimeoutMs, signal } = this.#options;
    // Nobody waits for it when the SDK itself throws below.
    this.#opened.promise.catch(() => {});
    signal.addEventListener('abort', this.#onAbort, { once: true });
    const late = `at ${address.baseUrl} gave no connection in ${connectTimeoutMs} ms`;
    this.#cancelTimer = fairDeadline({
      clock,
      limitMs: connectTimeoutMs,
      rule: () => this.#lost(lateError(late)),
    });
    const client = new DeepgramClient({
      apiKey: address.apiKey,
      baseUrl: address.baseUrl,
      transportFactory: (url, headers) => {
        const socket = new ServiceSocket(url, headers);
        socket.onSent = () => {
          if (!this.#isOver) this.#options.onSent();
        };
        socket.onError((error) => this.#lost(this.#whyNot(error)));
        this.#socket = socket;
        return socket;
      },
    });
    const stream = await dialect.connect(client, {
      open: () => this.#onOpen(),
      message: (message) => this.#onMessage(message),
      close: (code, reason) => this.#lost(closedError(code, reason)),
      error: () => {},
    });
    this.#stream = stream;
    // It was over before the SDK had anything to close.
    if (this.#isOver) stream.close();
    else if (signal.aborted) this.close();
    await this.#opened.promise;
  }

  #onOpen(): void {
    if (this.#isOver) return;
    this.#cancelTimer();
    this.#isOpen = true;
    this.#opened.resolve();
    this.#lookAgain();
  }

  readonly #onAbort = (): void => this.close();

  #onMessage(message: unknown): void {
    if (this.#isOver) return;
    const meaning = this.#options.dialect.read(message);
    if (meaning.type === 'garbled') {
      this.#garbled += 1;
      if (this.#garbled >= mostGarbled) this.#lost(garbledError());
      return;
    }
    this.#owedSinceMs = null;
    if (meaning.type === 'failed') this.#lost(meaning.error, meaning.isUnknownRequest);
    if (meaning.type !== 'heard') return;
    const { segment } = meaning.heard;
    this.#options.onHeard({ ...meaning.heard, segment: this.#inCallTime(segment) });
  }

  #inCallTime(segment: Segment): Segment {
    const at = (ms: number): number => this.#soundClock.toCallMs(ms);
    return {
      ...segment,
      startMs: at(segment.startMs),
      endMs: at(segment.endMs),
      words: segment.words.map((word) => ({
        ...word,
        startMs: at(word.startMs),
        endMs: at(word.endMs),
      })),
    };
  }

  #lookAgain(): void {
    const { clock } = this.#options;
    this.#lookDueMs = clock.now() + lookEveryMs;
    this.#cancelTimer = clock.after(lookEveryMs, () => {
      this.#noticeStandstill();
      this.#keepAlive();
      this.#lookAgain();
    });
  }

  /** A microphone that is closed sends nothing; the service then needs another sign of life. */
  #keepAlive(): void {
    const now = this.#options.clock.now();
    if (now - this.#lastSentMs < keepAliveMs) return;
    this.#lastSentMs = now;
    if (this.#stream?.keepAlive) this.#stream.keepAlive();
    else this.#socket?.ping();
  }

  /**
   * What the service said while this process stood still is not read yet, and the caller's sound may be read
   * first: its silence counts from now.
   */
  #noticeStandstill(): void {
    const now = this.#options.clock.now();
    if (now - this.#lookDueMs < lookEveryMs) return;
    this.#lookDueMs = now;
    if (this.#owedSinceMs !== null) this.#owedSinceMs = now;
  }

  #whyNot(error: Error): VoicebusError {
    const refusal = this.#socket?.refusal ?? null;
    if (refusal !== null) return refusedError(refusal, this.#options.address);
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'no connection';
    return unreachableError(code, this.#options.address);
  }

  #lost(error: VoicebusError, isUnknownRequest = false): void {
    if (this.#isOver) return;
    const wasOpen = this.#isOpen;
    this.#end();
    this.#opened.reject(error);
    if (wasOpen) this.#options.onLost(error, isUnknownRequest);
  }

  #end(): void {
    this.#isOver = true;
    this.#cancelTimer();
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#stream?.close();
  }
}
