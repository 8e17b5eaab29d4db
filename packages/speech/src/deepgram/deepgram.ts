import type {
  Clock,
  SpeechToText,
  TranscriptionStream,
  TranscriptionStreamOptions,
} from '@voicebus/core';
import { systemClock, VoicebusError } from '@voicebus/core';
import type { DeepgramAddress } from './deepgram-error.ts';
import { DeepgramConnection } from './deepgram-connection.ts';
import { DeepgramTranscriptionStream } from './deepgram-transcription-stream.ts';
import type { Dialect } from './dialect.ts';
import { fluxDialect } from './flux.ts';
import { novaDialect } from './nova.ts';

export interface DeepgramOptions {
  readonly apiKey: string;
  /** Default: the service itself. `http` and `ws` mean the same here. */
  readonly baseUrl?: string;
  /** "flux-…" hears turns, "nova-…" words only. Default: Flux for English. */
  readonly model?: string;
  /** Of Nova; a Flux model has its own. */
  readonly language?: string;
  /** Names that callers are likely to say. */
  readonly keyterms?: readonly string[];
  /** Usual: 150 to 400 ms with TLS. */
  readonly connectTimeoutMs?: number;
  /** From the end of an utterance to its final; then the best interim counts. */
  readonly finalTimeoutMs?: number;
  /** How long the service may say nothing about sound while somebody speaks. Default: by its model. */
  readonly answerTimeoutMs?: number;
  readonly clock?: Clock;
  /** 0 to 1; how long a retry waits is half chance. */
  readonly random?: () => number;
}

/** What happened, over all calls, for whoever measures. */
export interface DeepgramCounts {
  connections: number;
  reconnections: number;
  /** Sound that was sent again, to another connection. */
  replayedMs: number;
  /** Sound that could not be sent in time. */
  droppedMs: number;
  /** Turns as Flux tells them. */
  readonly turns: TurnCounts;
}

export interface TurnCounts {
  started: number;
  eagerEnds: number;
  resumed: number;
  ended: number;
}

export const defaultDeepgramModel = 'flux-general-en';

/** What all streams of one process share. */
export interface DeepgramService {
  readonly address: DeepgramAddress;
  readonly dialect: Dialect;
  readonly clock: Clock;
  readonly random: () => number;
  readonly connectTimeoutMs: number;
  readonly finalTimeoutMs: number;
  readonly answerTimeoutMs: number;
  readonly counts: DeepgramCounts;
  /** Not every deployment can be asked for the end of a turn: it is tried once. */
  canAskForEnd: boolean;
}

/** Deepgram: one connection per caller, which the sound of the whole call goes through. */
export class DeepgramSpeechToText implements SpeechToText {
  readonly name = 'deepgram';
  readonly counts: DeepgramCounts = {
    connections: 0,
    reconnections: 0,
    replayedMs: 0,
    droppedMs: 0,
    turns: { started: 0, eagerEnds: 0, resumed: 0, ended: 0 },
  };
  readonly #service: DeepgramService;
  readonly #streams = new Set<DeepgramTranscriptionStream>();
  readonly #closing = new AbortController();

  constructor(options: DeepgramOptions) {
    const { apiKey, model = defaultDeepgramModel, language = 'en', keyterms = [] } = options;
    const baseUrl = options.baseUrl ?? 'https://api.deepgram.com';
    const createDialect = model.startsWith('flux') ? fluxDialect : novaDialect;
    const dialect = createDialect({ model, language, keyterms });
    this.#service = {
      address: { apiKey, baseUrl: baseUrl.replace(/^http/, 'ws'), model },
      dialect,
      clock: options.clock ?? systemClock,
      random: options.random ?? Math.random,
      connectTimeoutMs: options.connectTimeoutMs ?? 3_000,
      // Before the turn rules' own 700 ms, whose best interim has no word times.
      finalTimeoutMs: options.finalTimeoutMs ?? 600,
      answerTimeoutMs: options.answerTimeoutMs ?? dialect.longestQuietMs,
      counts: this.counts,
      canAskForEnd: true,
    };
  }

  /** One connection, and its end: whether key and model are right is asked before anybody calls. */
  async warmUp(): Promise<void> {
    const connection = await DeepgramConnection.open({
      ...this.#service,
      signal: this.#closing.signal,
      onHeard: () => {},
      onLost: () => {},
      onSent: () => {},
    });
    connection.close();
  }

  async open(options: TranscriptionStreamOptions): Promise<TranscriptionStream> {
    if (this.#closing.signal.aborted)
      throw new VoicebusError('closed', 'The recogniser is closed.');
    const stream = new DeepgramTranscriptionStream({
      ...options,
      service: this.#service,
      onClosed: () => this.#streams.delete(stream),
    });
    this.#streams.add(stream);
    await stream.open();
    return stream;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    for (const stream of this.#streams) stream.close();
    this.#streams.clear();
    await Promise.resolve();
  }
}
