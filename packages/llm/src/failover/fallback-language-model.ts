import {
  abortableDelay,
  asVoicebusError,
  defaultRetryOptions,
  exhausted,
  ProviderChain,
  providerError,
  retryDelayMs,
  systemClock,
  type VoicebusError,
  type Clock,
  type GenerateOptions,
  type GenerationPart,
  type LanguageModel,
  type ProviderChainOptions,
  type RetryOptions,
} from '@voicebus/core';
import { Continuation, continuing } from './continuation.ts';

export interface FallbackLanguageModelOptions extends ProviderChainOptions<LanguageModel> {
  readonly retry?: Partial<RetryOptions>;
}

/** Past this the caller has waited long enough for one provider. */
const retryWithinMs = 1_500;

/**
 * Several models as one. What was written stays written: where a model breaks off in the middle, one that
 * can (`canContinue`) goes on after its last word; where none can, the error says that the turn is over.
 * Calls are given with the finish, so that an answer that breaks off has called nothing.
 */
export class FallbackLanguageModel implements LanguageModel {
  readonly name: string;
  readonly canContinue: boolean;
  readonly #chain: ProviderChain<LanguageModel>;
  readonly #clock: Clock;
  readonly #retry: RetryOptions;

  constructor(options: FallbackLanguageModelOptions) {
    const { providers, clock = systemClock, retry } = options;
    this.canContinue = providers[0].canContinue ?? false;
    this.#clock = clock;
    this.#retry = { ...defaultRetryOptions, ...retry };
    this.#chain = new ProviderChain(options);
    this.name = this.#chain.name;
  }

  warmUp(): Promise<void> {
    return this.#chain.warmUp();
  }

  async *generate(request: GenerateOptions): AsyncGenerator<GenerationPart, void> {
    const answer = { text: '' };
    const startMs = this.#clock.now();
    let error: VoicebusError | null = null;
    for (const provider of this.#chain.candidates()) {
      for (let attempt = 1; ; attempt += 1) {
        if (answer.text !== '' && !provider.canContinue) break;
        const failed: VoicebusError | null = yield* this.#ask(provider, request, answer);
        if (!failed) return;
        error = failed;
        const delayMs = retryDelayMs(failed, attempt, this.#retry);
        const isTooLate = answer.text === '' && this.#clock.now() - startMs > retryWithinMs;
        if (delayMs === null || isTooLate) break;
        if (!(await abortableDelay(this.#clock, delayMs, request.signal))) return;
      }
    }
    if (error) throw exhausted(error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chain[Symbol.asyncDispose]();
  }

  /** One request to one provider. Gives what went wrong; null: the answer is complete, or nobody waits for it. */
  async *#ask(
    provider: LanguageModel,
    request: GenerateOptions,
    answer: { text: string },
  ): AsyncGenerator<GenerationPart, VoicebusError | null> {
    const { signal } = request;
    const attempt = this.#chain.attempt(provider);
    const continuation = answer.text === '' ? null : new Continuation(answer.text);
    const calls: GenerationPart[] = [];
    let hasBegun = false;
    const say = function* (text: string): Generator<GenerationPart> {
      answer.text += text;
      if (text !== '') yield { type: 'text-delta', text };
    };
    try {
      const asked = continuation ? continuing(request, answer.text) : request;
      for await (const part of provider.generate(asked)) {
        if (signal.aborted) return null;
        hasBegun = true;
        if (part.type === 'tool-call') calls.push(part);
        else if (part.type === 'text-delta')
          yield* say(continuation ? continuation.take(part.text) : part.text);
        else {
          attempt.succeeded();
          yield* say(continuation?.end() ?? '');
          yield* calls;
          yield part;
          return null;
        }
      }
      if (signal.aborted) return null;
      throw providerError({
        provider: provider.name,
        fault: 'garbled',
        message: `${provider.name} ended its answer without saying so`,
      });
    } catch (thrown) {
      if (signal.aborted) return null;
      const error = asVoicebusError(thrown, 'provider-failed', `${provider.name} failed`);
      attempt.failed(error);
      return error;
    } finally {
      // Where neither was said before, the caller went on: what began was well.
      if (hasBegun) attempt.succeeded();
      else attempt.abandoned();
    }
  }
}
