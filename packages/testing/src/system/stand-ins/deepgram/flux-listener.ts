import type { Deepgram } from '@deepgram/sdk';
import type { HeardWord } from './ear.ts';
import type { Listener, ListenerOptions, Reply } from './listener.ts';

type TurnInfo = Deepgram.listen.ListenV2TurnInfo;

/** "`Update` messages are sent for approximately every 0.25 seconds of transcribed audio." */
const updateMs = 250;
const confidence = 0.9;

/**
 * Flux, `/v2/listen`, as documented: a turn starts with its first word, ends when the model is sure, is
 * told to, or has waited long enough; an eager end comes before it where it was asked for.
 */
export class FluxListener implements Listener {
  readonly #options: ListenerOptions;
  readonly #eagerThreshold: number | null;
  readonly #endsByItself: boolean;
  readonly #timeoutMs: number;
  #sequence = 0;
  #turnIndex = 0;
  /** Null between turns. */
  #words: HeardWord[] | null = null;
  #isAwaitingEnd = false;
  #windowStartMs = 0;
  #lastEventMs = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
    const { query } = options;
    const eager = query.get('eager_eot_threshold');
    this.#eagerThreshold = eager === null ? null : Number(eager);
    this.#endsByItself = Number(query.get('eot_threshold') ?? 0.7) < 1;
    this.#timeoutMs = Number(query.get('eot_timeout_ms') ?? 5_000);
  }

  open(): readonly Reply[] {
    const { requestId } = this.#options;
    return [
      {
        type: 'Connected',
        request_id: requestId,
        sequence_id: this.#nextSequence(),
      } satisfies Deepgram.listen.ListenV2Connected,
    ];
  }

  hear(step: Int16Array): readonly Reply[] {
    const words = this.#options.ear.hear(step);
    if (words.length > 0) return [this.#heard(words)];
    const ended = this.#endings();
    if (ended.length > 0) return ended;
    if (this.#words === null && !this.#options.reportsSilence) return [];
    if (this.#options.ear.heardMs - this.#lastEventMs < updateMs) return [];
    return [this.#info('Update')];
  }

  told(message: { readonly type: string }): readonly Reply[] | 'close' | 'unknown' {
    switch (message.type) {
      case 'ForceEndTurn': {
        if (!this.#options.canForceEndTurn) return 'unknown';
        const last = this.#options.ear.finish();
        const started = last.length > 0 ? [this.#heard(last)] : [];
        // "No turn in progress: the message is ignored."
        return this.#words === null ? started : [...started, this.#end('manual')];
      }
      case 'Configure':
        return [
          {
            type: 'ConfigureSuccess',
            request_id: this.#options.requestId,
            sequence_id: this.#nextSequence(),
            thresholds: {},
            keyterms: this.#options.query.getAll('keyterm'),
          } satisfies Deepgram.listen.ListenV2ConfigureSuccess,
        ];
      case 'CloseStream':
        return 'close';
      default:
        return 'unknown';
    }
  }

  close(): readonly Reply[] {
    const last = this.#options.ear.finish();
    const started = last.length > 0 ? [this.#heard(last)] : [];
    return this.#words === null ? started : [...started, this.#end('model')];
  }

  error(code: string, description: string): Reply {
    return {
      type: 'Error',
      sequence_id: this.#nextSequence(),
      code,
      description,
    } satisfies Deepgram.listen.ListenV2FatalError;
  }

  #heard(words: readonly HeardWord[]): Reply {
    if (this.#words === null) {
      this.#words = [...words];
      return this.#info('StartOfTurn');
    }
    this.#words.push(...words);
    if (!this.#isAwaitingEnd) return this.#info('Update');
    this.#isAwaitingEnd = false;
    return this.#info('TurnResumed');
  }

  #endings(): readonly Reply[] {
    const { ear, eagerSilenceMs, endSilenceMs, isUnfinished } = this.#options;
    const last = this.#words?.at(-1)?.text;
    if (last === undefined) return [];
    if (ear.silentMs >= this.#timeoutMs) return [this.#end('timeout')];
    if (isUnfinished(last)) return [];
    if (this.#endsByItself && ear.silentMs >= endSilenceMs) return [this.#end('model')];
    if (this.#eagerThreshold === null || this.#isAwaitingEnd || ear.silentMs < eagerSilenceMs)
      return [];
    this.#isAwaitingEnd = true;
    return [this.#info('EagerEndOfTurn')];
  }

  #end(trigger: 'model' | 'manual' | 'timeout'): Reply {
    const ended = this.#info('EndOfTurn', trigger);
    this.#turnIndex += 1;
    this.#words = null;
    this.#isAwaitingEnd = false;
    this.#windowStartMs = this.#options.ear.heardMs;
    return ended;
  }

  #info(event: TurnInfo['event'], trigger?: string): Reply {
    const { ear, requestId } = this.#options;
    this.#lastEventMs = ear.heardMs;
    const words = this.#words ?? [];
    return {
      type: 'TurnInfo',
      request_id: requestId,
      sequence_id: this.#nextSequence(),
      event,
      turn_index: this.#turnIndex,
      audio_window_start: this.#windowStartMs / 1000,
      audio_window_end: ear.heardMs / 1000,
      transcript: words.map(({ text }) => text).join(' '),
      words: words.map(({ text, startMs, endMs }) => ({
        word: text,
        confidence,
        start: startMs / 1000,
        end: endMs / 1000,
      })),
      end_of_turn_confidence: event === 'EndOfTurn' ? 0.9 : event === 'EagerEndOfTurn' ? 0.5 : 0.1,
      ...(trigger === undefined ? {} : { trigger }),
    } satisfies TurnInfo;
  }

  #nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence - 1;
  }
}
