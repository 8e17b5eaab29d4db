import type { ToolCall } from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { isExhausted } from '../errors/provider-error.ts';
import { asVoicebusError, VoicebusError, type ErrorCode } from '../errors/voicebus-error.ts';
import { guardedStream } from '../pipeline/guarded-stream.ts';
import type { GenerateOptions, GenerationPart, LanguageModel } from './language-model.ts';

export interface ReadGenerationOptions {
  readonly llm: LanguageModel;
  readonly clock: Clock;
  readonly request: GenerateOptions;
  /** Each piece as it comes. */
  readonly onText: (text: string) => void;
  /** See `LLMProcessorOptions`. */
  readonly whenDrained?: ((signal: AbortSignal) => Promise<void> | undefined) | undefined;
}

export interface ReadGeneration {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  readonly end: Extract<GenerationPart, { type: 'finish' }>;
}

/** A model that writes nothing for this long has stopped; half of a caller's patience. */
const stallMs = 6_000;
/** Half an hour of speech: a model that does not stop is stopped. */
const longestCharacters = 20_000;
/** Where nothing was said yet, a failure is tried once more. */
const maxAttempts = 2;
/** Asked again, it would be the same: what was refused, and what nobody takes in. */
const finalCodes: readonly ErrorCode[] = ['provider-refused', 'link-broken', 'closed'];

/** One answer of the model, read to its end. Throws a `VoicebusError` for what could not be mended. */
export async function readGeneration(options: ReadGenerationOptions): Promise<ReadGeneration> {
  for (let attempt = 1; ; attempt += 1) {
    const reading = new Reading(options);
    try {
      return await reading.read();
    } catch (thrown) {
      const error = asVoicebusError(thrown, 'provider-failed', `${options.llm.name} failed`);
      const isOver = attempt >= maxAttempts || reading.hasBegun || options.request.signal.aborted;
      // A chain of providers has asked again itself.
      const isFinal = finalCodes.includes(error.code) || isExhausted(error);
      if (isOver || isFinal) throw error;
    }
  }
}

class Reading {
  readonly #options: ReadGenerationOptions;
  readonly #calls: ToolCall[] = [];
  #text = '';

  constructor(options: ReadGenerationOptions) {
    this.#options = options;
  }

  get hasBegun(): boolean {
    return this.#text !== '' || this.#calls.length > 0;
  }

  async read(): Promise<ReadGeneration> {
    const { llm, clock, request, onText, whenDrained } = this.#options;
    let end: ReadGeneration['end'] = { type: 'finish', reason: 'stop' };
    const parts = guardedStream({
      name: llm.name,
      clock,
      signal: request.signal,
      limitMs: stallMs,
      start: (signal) => llm.generate({ ...request, signal }),
    });
    for await (const part of parts) {
      if (request.signal.aborted) break;
      if (part.type === 'tool-call') this.#calls.push(part.call);
      else if (part.type === 'finish') end = part;
      else if (typeof part.text !== 'string') throw notText(llm);
      else {
        this.#text += part.text;
        onText(part.text);
        if (this.#text.length > longestCharacters) {
          end = { type: 'finish', reason: 'length' };
          break;
        }
        // While this waits the model is not asked for more, which is what pauses it at its provider.
        const drained = whenDrained?.(request.signal);
        if (drained) await drained;
      }
    }
    return { text: this.#text, calls: this.#calls, end };
  }
}

function notText({ name }: LanguageModel): VoicebusError {
  return new VoicebusError('provider-failed', `${name} gave something that is no text`);
}
