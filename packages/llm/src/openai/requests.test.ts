import type { GenerateOptions } from '@voicebus/core';
import { describe, expect, it } from 'vitest';
import { chatRequest } from './chat-api.ts';
import { shortestReasoning } from './model-family.ts';
import type { OpenAISettings } from './openai-settings.ts';
import { responsesRequest } from './responses-api.ts';
import { ToolCallPieces } from './tool-call-pieces.ts';

const settings: OpenAISettings = {
  apiKey: 'sk-test-0123456789',
  baseUrl: null,
  model: 'gpt-5.4-mini',
  api: 'responses',
  reasoningEffort: null,
  serviceTier: null,
};
const parameters = { type: 'object', properties: { order: { type: 'string' } } };
const request: GenerateOptions = {
  sessionId: 's1',
  agent: 'support',
  instructions: 'You are support.',
  messages: [
    { id: 'd1', role: 'developer', content: 'They ask about an order.' },
    { id: 'a0', role: 'assistant', content: 'One moment.', agent: 'support' },
    {
      id: 'a1',
      role: 'assistant',
      content: '',
      toolCalls: [{ id: 'c1', name: 'look', arguments: '{"order":"42"}' }],
    },
    {
      id: 't1',
      role: 'tool',
      toolCallId: 'c1',
      name: 'look',
      content: '{"state":"sent"}',
      status: 'completed',
    },
    { id: 'u1', role: 'user', content: 'Where is it?' },
  ],
  tools: [{ name: 'look', description: 'Looks at an order.', parameters }],
  signal: new AbortController().signal,
};

describe('a request by the Responses API', () => {
  it('has instructions, conversation and tools as the API wants them', () => {
    expect(responsesRequest(request, settings)).toEqual({
      model: 'gpt-5.4-mini',
      instructions: 'You are support.',
      input: [
        { role: 'developer', content: 'They ask about an order.' },
        { role: 'assistant', content: 'One moment.' },
        { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{"order":"42"}' },
        { type: 'function_call_output', call_id: 'c1', output: '{"state":"sent"}' },
        { role: 'user', content: 'Where is it?' },
      ],
      stream: true,
      store: false,
      prompt_cache_key: 's1',
      reasoning: { effort: 'none' },
      text: { verbosity: 'low' },
      tools: [
        {
          type: 'function',
          name: 'look',
          description: 'Looks at an order.',
          parameters,
          strict: false,
        },
      ],
      tool_choice: 'auto',
    });
  });

  it('forces a tool, or none', () => {
    const choose = (toolChoice: GenerateOptions['toolChoice'] & {}) =>
      responsesRequest({ ...request, toolChoice }, settings).tool_choice;
    expect(choose('none')).toBe('none');
    expect(choose('required')).toBe('required');
    expect(choose({ name: 'look' })).toEqual({ type: 'function', name: 'look' });
  });

  it('says nothing of tools where there are none, and nothing of thinking to who does not think', () => {
    const given = responsesRequest({ ...request, tools: [] }, { ...settings, model: 'gpt-4.1' });
    expect(Object.keys(given).toSorted()).toEqual(
      ['input', 'instructions', 'model', 'prompt_cache_key', 'store', 'stream'].toSorted(),
    );
  });

  it('asks for what the settings ask for', () => {
    const chosen = { ...settings, reasoningEffort: 'low', serviceTier: 'priority' } as const;
    expect(responsesRequest(request, chosen)).toMatchObject({
      reasoning: { effort: 'low' },
      service_tier: 'priority',
    });
  });
});

describe('a request by chat completions', () => {
  const local = { ...settings, baseUrl: 'http://127.0.0.1:11434/v1', model: 'llama3.3' };

  it('has nothing that only OpenAI knows', () => {
    expect(chatRequest(request, local)).toEqual({
      model: 'llama3.3',
      messages: [
        { role: 'system', content: 'You are support.' },
        { role: 'system', content: 'They ask about an order.' },
        { role: 'assistant', content: 'One moment.' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { type: 'function', id: 'c1', function: { name: 'look', arguments: '{"order":"42"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: '{"state":"sent"}' },
        { role: 'user', content: 'Where is it?' },
      ],
      stream: true,
      stream_options: { include_usage: true },
      tools: [
        {
          type: 'function',
          function: { name: 'look', description: 'Looks at an order.', parameters },
        },
      ],
      tool_choice: 'auto',
    });
  });

  it("tells OpenAI's own what it should keep and think", () => {
    expect(chatRequest(request, { ...settings, api: 'chat' })).toMatchObject({
      store: false,
      prompt_cache_key: 's1',
      reasoning_effort: 'none',
    });
  });

  it('forces a tool by its name', () => {
    expect(chatRequest({ ...request, toolChoice: { name: 'look' } }, local).tool_choice).toEqual({
      type: 'function',
      function: { name: 'look' },
    });
  });
});

it.each([
  ['gpt-5.4-mini', 'none'],
  ['gpt-6-luna', 'none'],
  ['gpt-5', 'minimal'],
  ['gpt-5-mini-2025-08-07', 'minimal'],
  ['gpt-5.3-chat-latest', 'medium'],
  ['gpt-5.2-pro', 'medium'],
  ['o4-mini', 'low'],
  ['gpt-4.1', null],
  ['llama3.3', null],
] as const)('%s thinks at least: %s', (model, effort) => {
  expect(shortestReasoning(model)).toBe(effort);
});

describe('calls in pieces', () => {
  const whole = (...pieces: Parameters<ToolCallPieces['add']>[0][]) => {
    const calls = new ToolCallPieces();
    for (const piece of pieces) calls.add(piece);
    return calls.whole();
  };

  it('are put together by their index', () => {
    expect(
      whole(
        { index: 0, id: 'a', function: { name: 'look', arguments: '' } },
        { index: 1, id: 'b', function: { name: 'find', arguments: '' } },
        { index: 0, function: { arguments: '{"x"' } },
        { index: 1, function: { arguments: '{}' } },
        { index: 0, function: { arguments: ':1}' } },
      ),
    ).toEqual([
      { id: 'a', name: 'look', arguments: '{"x":1}' },
      { id: 'b', name: 'find', arguments: '{}' },
    ]);
  });

  it('are told apart by their ids where a server gives all the same index', () => {
    expect(
      whole(
        { index: 0, id: 'a', function: { name: 'look', arguments: '{}' } },
        { index: 0, id: 'b', function: { name: 'find', arguments: '{}' } },
      ).map(({ id, name }) => `${id} ${name}`),
    ).toEqual(['a look', 'b find']);
  });

  it('are given an id where a server gives none', () => {
    const [call] = whole({ index: 0, function: { name: 'look', arguments: '{}' } });
    expect(call?.id).not.toBe('');
  });
});
