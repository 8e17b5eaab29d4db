import { expect, it } from 'vitest';
import { openAIConfig } from './openai-config.ts';

it("a key alone is OpenAI's own service", () => {
  expect(openAIConfig({ OPENAI_API_KEY: 'k' })).toEqual({
    apiKey: 'k',
    baseUrl: null,
    model: 'gpt-5.4-mini',
    api: 'responses',
    reasoningEffort: null,
    serviceTier: null,
  });
});

it('an address is a server of one’s own, by the API that all of them know', () => {
  const own = { OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1/', OPENAI_MODEL: 'llama3.3' };
  expect(openAIConfig(own)).toMatchObject({
    apiKey: null,
    baseUrl: 'http://127.0.0.1:11434/v1',
    model: 'llama3.3',
    api: 'chat',
  });
  expect(openAIConfig({ ...own, OPENAI_API: 'responses' }).api).toBe('responses');
});

it.each([
  [{ OPENAI_BASE_URL: 'http://127.0.0.1:11434/v1' }, /OPENAI_MODEL is not/],
  [{ OPENAI_BASE_URL: 'localhost' }, /OPENAI_BASE_URL: is no http/],
  [{ OPENAI_API: 'telepathy' }, /OPENAI_API: is not one of: responses, chat/],
  [{ OPENAI_REASONING_EFFORT: 'heroic' }, /OPENAI_REASONING_EFFORT: is not one of/],
])('%o is refused', (environment, message) => {
  expect(() => openAIConfig(environment)).toThrow(message);
});
