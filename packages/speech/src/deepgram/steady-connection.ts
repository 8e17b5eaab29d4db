import {
  asVoicebusError,
  defaultRetryOptions,
  retryDelayMs,
  type VoicebusError,
} from '@voicebus/core';
import { AudioBacklog } from '../backlog/audio-backlog.ts';
import type { DeepgramService, TurnCounts } from './deepgram.ts';
import { DeepgramConnection } from './deepgram-connection.ts';
import type { Heard } from './heard.ts';
import { samplesPerMs } from './sound-clock.ts';

export interface SteadyConnectionOptions {
  readonly service: DeepgramService;
  readonly signal: AbortSignal;
  readonly onHeard: (heard: Heard) => void;
  /** The connection broke: from when on, in milliseconds of the call, the next one has to hear it again. */
  readonly onBroken: () => number;
  /** Everything up to here has been sent: what is to be asked for now? */
  readonly onSent: (upToMs: number) => void;
  /** It is not coming back. */
  readonly onFailed: (error: VoicebusError) => void;
}

/** A second is as long as a caller should wait for the same service; then another one may be asked. */
const retry = { ...defaultRetryOptions, maxAttempts: 4 };
/** A connection that lasted this long was none that failed. */
const steadyAfterMs = 5_000;
/** 20 s: longer than people speak in one breath, and 640 kB. */
const backlogSamples = 320_000;

/**
 * The sound of a call on its way to the service: over as many connections as it takes, with what one had not
 * finished hearing sent to the next.
 */
export class SteadyConnection {
  readonly #options: SteadyConnectionOptions;
  readonly #backlog = new AudioBacklog(backlogSamples);
  #connection: DeepgramConnection | null = null;
  /** The next sample to send. */
  #cursor = 0;
  #attempts = 0;
  #openedMs = 0;
  #isClosed = false;
  #cancelRetry: () => void = () => {};

  constructor(options: SteadyConnectionOptions) {
    this.#options = options;
  }

  /** The first connection; rejects where there is none, also not at a second try. */
  async open(): Promise<void> {
    for (;;) {
      try {
        await this.#connect();
        return;
      } catch (thrown) {
        const error = asVoicebusError(thrown, 'provider-failed', 'Deepgram gave no connection');
        const delayMs = retryDelayMs(error, this.#attempts, this.#retryOptions(2));
        if (delayMs === null || this.#isClosed) throw error;
        await this.#wait(delayMs);
        if (this.#isClosed) throw error;
      }
    }
  }

  /** Milliseconds of sound since the call began. */
  get writtenMs(): number {
    return this.#backlog.end / samplesPerMs;
  }

  get isConnected(): boolean {
    return this.#connection !== null;
  }

  /** For how long the service has said nothing about sound that it was sent, at most since then. */
  owedMs(sinceMs: number): number {
    const owedSinceMs = this.#connection?.owedSinceMs ?? null;
    if (owedSinceMs === null) return 0;
    return this.#options.service.clock.now() - Math.max(owedSinceMs, sinceMs);
  }

  write(pcm: Int16Array): void {
    this.#backlog.write(pcm);
    this.#send();
  }

  /** What came last is sent now, not with what comes next. */
  flush(): void {
    this.#backlog.flush();
    this.#send();
  }

  askForEnd(): void {
    this.#connection?.askForEnd();
  }

  /** The service gave up on us, or we on it. */
  break(error: VoicebusError): void {
    this.#connection?.close();
    this.#onLost(error);
  }

  /** Nobody will ask for the sound before this again. */
  forget(beforeMs: number): void {
    this.#backlog.forget(Math.min(this.#cursor, Math.floor(beforeMs * samplesPerMs)));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelRetry();
    this.#connection?.close();
    this.#connection = null;
  }

  async #connect(): Promise<void> {
    const { service, signal } = this.#options;
    this.#attempts += 1;
    /** A connection may be lost by the very first message, before anybody has it in hand. */
    let lostBy: VoicebusError | null = null;
    const connection = await DeepgramConnection.open({
      ...service,
      signal,
      onHeard: (heard) => {
        this.#attempts = 0;
        countTurn(service.counts.turns, heard);
        this.#options.onHeard(heard);
      },
      onLost: (error, isUnknownRequest) => {
        if (isUnknownRequest) service.canAskForEnd = false;
        lostBy = error;
        this.#onLost(error);
      },
      onSent: () => this.#send(),
    });
    if (lostBy !== null) throw lostBy;
    if (this.#isClosed) {
      connection.close();
      return;
    }
    service.counts.connections += 1;
    this.#connection = connection;
    this.#openedMs = service.clock.now();
    this.#send();
  }

  #onLost(error: VoicebusError): void {
    if (this.#isClosed || this.#connection === null) return;
    const { service, onBroken, onFailed } = this.#options;
    this.#connection = null;
    if (service.clock.now() - this.#openedMs >= steadyAfterMs) this.#attempts = 0;
    const sent = this.#cursor;
    this.#cursor = Math.floor(onBroken() * samplesPerMs);
    service.counts.replayedMs += Math.max(0, sent - this.#cursor) / samplesPerMs;
    const delayMs = retryDelayMs(error, this.#attempts, this.#retryOptions(retry.maxAttempts));
    if (delayMs === null) onFailed(error);
    else void this.#reconnect(delayMs);
  }

  async #reconnect(afterMs: number): Promise<void> {
    for (let delayMs: number | null = afterMs; delayMs !== null && !this.#isClosed;) {
      await this.#wait(delayMs);
      if (this.#isClosed) return;
      try {
        await this.#connect();
        this.#options.service.counts.reconnections += 1;
        return;
      } catch (thrown) {
        const error = asVoicebusError(thrown, 'provider-failed', 'Deepgram gave no connection');
        delayMs = retryDelayMs(error, this.#attempts, this.#retryOptions(retry.maxAttempts));
        if (delayMs === null && !this.#isClosed) this.#options.onFailed(error);
      }
    }
  }

  #retryOptions(maxAttempts: number) {
    return { ...retry, maxAttempts, random: this.#options.service.random };
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const { clock } = this.#options.service;
      const cancel = clock.after(delayMs, resolve);
      this.#cancelRetry = () => {
        cancel();
        resolve();
      };
    });
  }

  #send(): void {
    for (let isMore = true; isMore;) {
      const connection = this.#connection;
      if (connection === null || this.#isClosed) return;
      this.#options.onSent(this.#cursor / samplesPerMs);
      const chunk = connection.hasRoom ? this.#backlog.next(this.#cursor) : null;
      if (chunk !== null) {
        connection.send(chunk);
        this.#options.service.counts.droppedMs += (chunk.start - this.#cursor) / samplesPerMs;
        this.#cursor = chunk.start + chunk.pcm.length;
      }
      isMore = chunk !== null;
    }
  }
}

function countTurn(turns: TurnCounts, { turn, isStart }: Heard): void {
  if (isStart) turns.started += 1;
  if (turn === 'eager-end') turns.eagerEnds += 1;
  else if (turn === 'resumed') turns.resumed += 1;
  else if (turn === 'ended') turns.ended += 1;
}
