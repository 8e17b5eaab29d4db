import {
  nextId,
  systemClock,
  type Clock,
  type GenerateOptions,
  type GenerationPart,
  type LanguageModel,
} from '@voicebus/core';
import type { ContextMessage, ToolCall } from '@voicebus/protocol';
import { askChat } from './chat-api.ts';
import { createClient, type OpenAIClient } from './openai-client.ts';
import { fault, openAIError } from './openai-error.ts';
import { defaultDeadlines, type OpenAIDeadlines, type OpenAISettings } from './openai-settings.ts';
import { askResponses } from './responses-api.ts';
import { Watchdog } from './watchdog.ts';

/** From the last word to the end of the stream: a caller must not wait for a count of tokens. */
const afterEndMs = 300;

export interface OpenAILanguageModelOptions extends OpenAISettings {
  readonly clock?: Clock;
  readonly deadlines?: Partial<OpenAIDeadlines>;
  /** Told how long each connection took to stand, in milliseconds. */
  readonly onConnected?: (ms: number) => void;
}

/** OpenAI's models, and every server that speaks like OpenAI. Throws provider errors. */
export class OpenAILanguageModel implements LanguageModel {
  readonly name = 'openai';
  readonly canContinue = true;
  readonly model: string;
  readonly #settings: OpenAISettings;
  readonly #deadlines: OpenAIDeadlines;
  readonly #clock: Clock;
  readonly #connection: OpenAIClient;

  constructor(options: OpenAILanguageModelOptions) {
    const { clock = systemClock, deadlines, onConnected = () => {}, ...settings } = options;
    this.#settings = settings;
    this.model = settings.model;
    this.#deadlines = { ...defaultDeadlines, ...deadlines };
    this.#clock = clock;
    this.#connection = createClient(settings, onConnected);
  }

  /**
   * Opens the connection that the first turn will use, and finds out about a wrong key or model before a
   * caller does. A server of one's own loads its model meanwhile.
   */
  async warmUp(): Promise<void> {
    const { client } = this.#connection;
    const { model, baseUrl, api } = this.#settings;
    const timeout = { timeout: this.#deadlines.warmUpMs };
    try {
      if (baseUrl === null || api === 'responses') await client.models.retrieve(model, timeout);
      else {
        const messages = [{ role: 'user', content: 'Hello.' } as const];
        await client.chat.completions.create({ model, messages, max_tokens: 1 }, timeout);
      }
    } catch (thrown) {
      throw openAIError(thrown, this.#settings);
    }
  }

  async *generate(request: GenerateOptions): AsyncGenerator<GenerationPart, void> {
    const { signal } = request;
    if (signal.aborted) return;
    const ours = new AbortController();
    const watchdog = new Watchdog(this.#clock, () => ours.abort());
    const abort = (): void => ours.abort();
    signal.addEventListener('abort', abort);
    try {
      for await (const part of this.#answer(request, ours.signal, watchdog)) {
        if (signal.aborted) return;
        yield part;
        if (signal.aborted) return;
      }
      // An aborted stream ends like a complete one.
      if (watchdog.error) throw watchdog.error;
    } catch (thrown) {
      if (signal.aborted) return;
      throw watchdog.error ?? openAIError(thrown, this.#settings);
    } finally {
      watchdog.stop();
      signal.removeEventListener('abort', abort);
      ours.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection[Symbol.asyncDispose]();
  }

  async *#answer(
    request: GenerateOptions,
    signal: AbortSignal,
    watchdog: Watchdog,
  ): AsyncGenerator<GenerationPart, void> {
    const { acceptedMs, firstPartMs, betweenMs } = this.#deadlines;
    const startMs = this.#clock.now();
    const late = (limitMs: number, what: string) => (): ReturnType<typeof fault> =>
      fault('late', this.#settings, `${what} within ${limitMs} ms`);
    watchdog.allow(acceptedMs, late(acceptedMs, 'it did not take the request'));
    const ask = this.#settings.api === 'chat' ? askChat : askResponses;
    const { client } = this.#connection;
    const goOn = (): void =>
      watchdog.allow(betweenMs, late(betweenMs, 'it stopped in the middle and did not go on'));
    const settings = this.#settings;
    const parts = await ask({
      client,
      settings,
      request,
      signal,
      onProgress: goOn,
      onComplete: () => watchdog.allow(afterEndMs, () => null),
    });
    const leftMs = Math.max(0, firstPartMs - (this.#clock.now() - startMs));
    watchdog.allow(leftMs, late(firstPartMs, 'it did not begin to answer'));
    for await (const part of parts) {
      // While a part is used it is not the service that waits.
      watchdog.stop();
      yield part.type === 'tool-call'
        ? { ...part, call: usableCall(part.call, request.messages) }
        : part;
      goOn();
    }
  }
}

/** Some servers number the calls of each answer anew, and write nothing for no arguments. */
function usableCall(call: ToolCall, messages: readonly ContextMessage[]): ToolCall {
  const isUsed = messages.some(
    (message) =>
      message.role === 'assistant' && message.toolCalls?.some(({ id }) => id === call.id),
  );
  return {
    id: isUsed ? nextId('call') : call.id,
    name: call.name,
    arguments: call.arguments.trim() === '' ? '{}' : call.arguments,
  };
}
