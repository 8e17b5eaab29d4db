import type { OpenAIStandIn } from '@voicebus/testing/stand-ins/openai';
import { OpenAILanguageModel, type OpenAILanguageModelOptions } from './openai-language-model.ts';

/** A model before a stand-in of its service; which of the two ways it speaks is the test's to say. */
export function modelAt(
  { url }: OpenAIStandIn,
  options: Pick<OpenAILanguageModelOptions, 'api'> & Partial<OpenAILanguageModelOptions>,
): OpenAILanguageModel {
  return new OpenAILanguageModel({
    apiKey: 'sk-test-0123456789',
    baseUrl: url,
    model: 'gpt-5.4-mini',
    reasoningEffort: null,
    serviceTier: null,
    ...options,
  });
}
