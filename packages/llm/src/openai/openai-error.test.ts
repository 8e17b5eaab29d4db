import { faultOf, type ProviderFault } from '@voicebus/core';
import { APIConnectionError, APIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { openAIError } from './openai-error.ts';
import type { OpenAISettings } from './openai-settings.ts';

const key = 'sk-test-0123456789';
const settings: OpenAISettings = {
  apiKey: key,
  baseUrl: null,
  model: 'gpt-5.4-mini',
  api: 'responses',
  reasoningEffort: null,
  serviceTier: null,
};

function answered(
  status: number,
  body: { code?: string; message?: string; type?: string } = {},
  headers: Record<string, string> = {},
) {
  return openAIError(
    APIError.generate(status, { error: body }, undefined, new Headers(headers)),
    settings,
  );
}

it.each<[number, { code?: string; message?: string }, ProviderFault]>([
  [401, { code: 'invalid_api_key' }, 'key'],
  [403, {}, 'key'],
  [402, {}, 'quota'],
  [429, { code: 'insufficient_quota' }, 'quota'],
  [429, { code: 'rate_limit_exceeded' }, 'rate-limit'],
  [429, {}, 'rate-limit'],
  [404, { code: 'model_not_found' }, 'setting'],
  [400, { code: 'unsupported_value' }, 'setting'],
  [400, { code: 'context_length_exceeded' }, 'too-long'],
  [400, { message: "This model's maximum context length is 8192 tokens." }, 'too-long'],
  [413, {}, 'too-long'],
  [400, { code: 'content_filter' }, 'filtered'],
  [400, {}, 'request'],
  [422, {}, 'request'],
  [408, {}, 'overloaded'],
  [500, {}, 'overloaded'],
  [503, {}, 'overloaded'],
  [529, {}, 'overloaded'],
])('%i %o is %s', (status, body, fault) => {
  const error = answered(status, body);
  expect(faultOf(error)).toBe(fault);
  expect(error.data).toMatchObject({ provider: 'openai', status });
});

describe('a refused key', () => {
  it('is one line that names the variable, has the words of the service and what helps, and no key', () => {
    const said = `Incorrect API key provided: sk-te**********6789. ${key} is void.`;
    const { message } = answered(401, { code: 'invalid_api_key', message: said });
    expect(message).toMatchInlineSnapshot(
      `"openai (gpt-5.4-mini at api.openai.com): it refused OPENAI_API_KEY: "Incorrect API key provided: …. … is void.". Make a new key (platform.openai.com/api-keys) and set it in the environment or in .env."`,
    );
  });

  it('that was never set is said to be missing', () => {
    const error = openAIError(
      APIError.generate(401, { error: { message: 'No key.' } }, undefined, new Headers()),
      { ...settings, apiKey: null, baseUrl: 'http://127.0.0.1:8000/v1' },
    );
    expect(error.message).toContain('127.0.0.1:8000');
    expect(error.message).toContain('OPENAI_API_KEY is not set');
  });
});

it.each([
  [{ 'retry-after-ms': '1500' }, 1_500],
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': new Date(0).toUTCString() }, 0],
  [{ 'retry-after': 'soon' }, undefined],
  [{}, undefined],
])('asks for as much time as the service: %o', (headers, retryAfterMs) => {
  expect(answered(429, {}, headers).data['retryAfterMs']).toBe(retryAfterMs);
});

it('repeats what a service says only where that cannot be the conversation', () => {
  const message = 'Invalid input: "my very secret order"';
  expect(answered(400, { message }).message).not.toContain('secret');
  expect(answered(500, { message }).message).not.toContain('secret');
  expect(answered(404, { message: 'No model x.' }).message).toContain('No model x.');
});

it('names the innermost reason of a connection that failed', () => {
  const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  const error = openAIError(
    new APIConnectionError({ cause: new TypeError('fetch failed', { cause: refused }) }),
    settings,
  );
  expect(faultOf(error)).toBe('network');
  expect(error.message).toContain('ECONNREFUSED');
});

it('says nothing of an answer that is none', () => {
  const error = openAIError(new SyntaxError('Unexpected token in "my secret"'), settings);
  expect(faultOf(error)).toBe('garbled');
  expect(error.message).not.toContain('secret');
});
