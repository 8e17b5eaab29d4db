import type { GenerateOptions, GenerationPart } from '@voicebus/core';
import type OpenAI from 'openai';
import type { OpenAISettings } from './openai-settings.ts';

export interface WireRequest {
  readonly client: OpenAI;
  readonly settings: OpenAISettings;
  readonly request: GenerateOptions;
  /** Aborted by the caller or by a deadline. */
  readonly signal: AbortSignal;
  /** Called with what is a sign of life and no part yet: a piece of a call's arguments. */
  readonly onProgress: () => void;
  /** The answer is complete; the rest is read all the same, or its connection could not be used again. */
  readonly onComplete: () => void;
}

/** One of the two ways to ask: resolves when the service has taken the request. */
export type WireApi = (request: WireRequest) => Promise<AsyncIterable<GenerationPart>>;
