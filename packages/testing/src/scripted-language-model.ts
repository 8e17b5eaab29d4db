import type { Clock, GenerateOptions, GenerationPart, LanguageModel } from '@voicebus/core';
import { systemClock } from '@voicebus/core';
import { clockDelay, untilAborted } from './clock-delay.ts';

export interface ScriptedReply {
  /** Streamed word by word. */
  readonly text?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments?: unknown }[];
  /** Before the first part, on the clock. */
  readonly delayMs?: number;
  /** Between words, on the clock. */
  readonly msPerWord?: number;
  /** After the text: "stall" yields nothing more until aborted, an error is thrown. */
  readonly then?: 'stall' | Error;
}

/** Gives the reply to a request; `index` counts this model's requests from 0. */
export type ReplyRule = (request: GenerateOptions, index: number) => ScriptedReply | string;

export interface ScriptedLanguageModelOptions {
  readonly clock?: Clock;
  /** In order (one more request than replies is an error), or by rule. */
  readonly replies: readonly (ScriptedReply | string)[] | ReplyRule;
  /** How many requests it keeps, the first ones. Default: all of them. */
  readonly remembered?: number;
  /** Default: "scripted". */
  readonly name?: string;
  /** Whether its script knows what to do with an answer that broke off. Default: false. */
  readonly canContinue?: boolean;
}

/** A model that says what the test wrote. */
export class ScriptedLanguageModel implements LanguageModel {
  readonly name: string;
  readonly canContinue: boolean;
  /** What it was asked, for assertions. */
  readonly requests: GenerateOptions[] = [];
  readonly #clock: Clock;
  readonly #rule: ReplyRule;
  readonly #remembered: number;
  #asked = 0;
  #calls = 0;

  constructor(options: ScriptedLanguageModelOptions) {
    const { clock = systemClock, replies, remembered = Infinity } = options;
    this.name = options.name ?? 'scripted';
    this.canContinue = options.canContinue ?? false;
    this.#remembered = remembered;
    this.#clock = clock;
    this.#rule = typeof replies === 'function' ? replies : inOrder(replies);
  }

  async *generate(request: GenerateOptions): AsyncIterable<GenerationPart> {
    const index = this.#asked;
    this.#asked += 1;
    if (index < this.#remembered) this.requests.push(request);
    const given = this.#rule(request, index);
    const reply = typeof given === 'string' ? { text: given } : given;
    const { signal } = request;
    if (!(await clockDelay(this.#clock, reply.delayMs ?? 0, signal))) return;

    const words = reply.text?.match(/\s*\S+\s*/g) ?? [];
    for (const [at, text] of words.entries()) {
      if (at > 0 && !(await clockDelay(this.#clock, reply.msPerWord ?? 0, signal))) return;
      yield { type: 'text-delta', text };
      if (signal.aborted) return;
    }
    if (reply.then === 'stall') await untilAborted(signal);
    if (signal.aborted) return;
    if (reply.then instanceof Error) throw reply.then;
    const toolCalls = reply.toolCalls ?? [];
    for (const call of toolCalls) {
      this.#calls += 1;
      const text = JSON.stringify(call.arguments ?? {});
      yield {
        type: 'tool-call',
        call: { id: `call-${this.#calls}`, name: call.name, arguments: text },
      };
      if (signal.aborted) return;
    }
    yield { type: 'finish', reason: toolCalls.length > 0 ? 'tool-calls' : 'stop' };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function inOrder(replies: readonly (ScriptedReply | string)[]): ReplyRule {
  return (_, index) => {
    const reply = replies[index];
    if (reply === undefined) throw new Error(`no reply is scripted for request ${index + 1}`);
    return reply;
  };
}
