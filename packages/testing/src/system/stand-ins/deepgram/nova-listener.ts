import { createHash } from 'node:crypto';
import type { Deepgram } from '@deepgram/sdk';
import type { HeardWord } from './ear.ts';
import type { Listener, ListenerOptions, Reply } from './listener.ts';

/** Interim results come about this often while sound comes. */
const interimMs = 250;
/** A segment without an end in it is made final after this long. */
const longestSegmentMs = 5_000;
const confidence = 0.95;

/**
 * Nova, `/v1/listen`, as documented: results for the segment that runs, replaced until one is final; then
 * the next segment begins.
 */
export class NovaListener implements Listener {
  readonly #options: ListenerOptions;
  readonly #hasInterims: boolean;
  readonly #endpointingMs: number;
  readonly #utteranceEndMs: number | null;
  readonly #hasVadEvents: boolean;
  #segmentStartMs = 0;
  #words: HeardWord[] = [];
  #lastEventMs = 0;
  /** When the last word ended that an `UtteranceEnd` is still owed for. */
  #lastWordEndMs: number | null = null;
  #isSpeech = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    const { query } = options;
    this.#hasInterims = query.get('interim_results') === 'true';
    const endpointing = query.get('endpointing') ?? '10';
    this.#endpointingMs = endpointing === 'false' ? Infinity : Number(endpointing);
    const utteranceEnd = query.get('utterance_end_ms');
    this.#utteranceEndMs = utteranceEnd === null ? null : Number(utteranceEnd);
    this.#hasVadEvents = query.get('vad_events') === 'true';
  }

  open(): readonly Reply[] {
    return [];
  }

  hear(step: Int16Array): readonly Reply[] {
    const { ear } = this.#options;
    const words = ear.hear(step);
    const replies: Reply[] = [];
    if (ear.silentMs === 0 && !this.#isSpeech && this.#hasVadEvents) {
      const timestamp = ear.heardMs / 1000;
      replies.push({
        type: 'SpeechStarted',
        channel: [0, 1],
        timestamp,
      } satisfies Deepgram.listen.ListenV1SpeechStarted);
    }
    this.#isSpeech = ear.silentMs === 0;
    this.#take(words);
    const segmentMs = ear.heardMs - this.#segmentStartMs;
    if (this.#words.length > 0 && ear.silentMs >= this.#endpointingMs)
      replies.push(this.#results({ isFinal: true, speechFinal: true }));
    else if (segmentMs >= longestSegmentMs) replies.push(this.#results({ isFinal: true }));
    else if (this.#hasInterims && ear.heardMs - this.#lastEventMs >= interimMs)
      replies.push(this.#results({ isFinal: false }));
    return [...replies, ...this.#utteranceEnd()];
  }

  told(message: { readonly type: string }): readonly Reply[] | 'close' | 'unknown' {
    switch (message.type) {
      case 'KeepAlive':
        return [];
      case 'Finalize':
        this.#take(this.#options.ear.finish());
        // "You may not receive one if no significant amount of audio is left to process."
        if (this.#options.ear.heardMs - this.#segmentStartMs < interimMs && !this.#words.length)
          return [];
        return [this.#results({ isFinal: true, fromFinalize: true })];
      case 'CloseStream':
        return 'close';
      default:
        return 'unknown';
    }
  }

  close(): readonly Reply[] {
    this.#take(this.#options.ear.finish());
    const last = this.#words.length > 0 ? [this.#results({ isFinal: true })] : [];
    return [...last, this.#metadata()];
  }

  /** Nova says what is wrong in the close frame. */
  error(): null {
    return null;
  }

  #take(words: readonly HeardWord[]): void {
    this.#words.push(...words);
    this.#lastWordEndMs = words.at(-1)?.endMs ?? this.#lastWordEndMs;
  }

  #utteranceEnd(): readonly Reply[] {
    const { ear } = this.#options;
    if (this.#lastWordEndMs === null || this.#utteranceEndMs === null) return [];
    if (ear.heardMs - this.#lastWordEndMs < this.#utteranceEndMs) return [];
    const last_word_end = this.#lastWordEndMs / 1000;
    this.#lastWordEndMs = null;
    return [
      {
        type: 'UtteranceEnd',
        channel: [0, 1],
        last_word_end,
      } satisfies Deepgram.listen.ListenV1UtteranceEnd,
    ];
  }

  #results({
    isFinal,
    speechFinal = false,
    fromFinalize = false,
  }: {
    isFinal: boolean;
    speechFinal?: boolean;
    fromFinalize?: boolean;
  }): Reply {
    const { ear, requestId, query } = this.#options;
    this.#lastEventMs = ear.heardMs;
    const words = this.#words;
    const startMs = this.#segmentStartMs;
    if (isFinal) {
      this.#words = [];
      this.#segmentStartMs = ear.heardMs;
    }
    return {
      type: 'Results',
      channel_index: [0, 1],
      duration: (ear.heardMs - startMs) / 1000,
      start: startMs / 1000,
      is_final: isFinal,
      speech_final: speechFinal,
      from_finalize: fromFinalize,
      channel: {
        alternatives: [
          {
            transcript: words.map(({ text }) => text).join(' '),
            confidence: words.length > 0 ? confidence : 0,
            words: words.map(({ text, startMs: wordStartMs, endMs }) => ({
              word: text.toLowerCase(),
              punctuated_word: text,
              start: wordStartMs / 1000,
              end: endMs / 1000,
              confidence,
            })),
          },
        ],
      },
      metadata: {
        request_id: requestId,
        model_info: { name: query.get('model') ?? '', version: '1', arch: 'stand-in' },
        model_uuid: requestId,
      },
    } satisfies Deepgram.listen.ListenV1Results;
  }

  #metadata(): Reply {
    const { ear, requestId } = this.#options;
    return {
      type: 'Metadata',
      transaction_key: 'deprecated',
      request_id: requestId,
      sha256: createHash('sha256').update(requestId).digest('hex'),
      created: new Date().toISOString(),
      duration: ear.heardMs / 1000,
      channels: 1,
    } satisfies Deepgram.listen.ListenV1Metadata;
  }
}
