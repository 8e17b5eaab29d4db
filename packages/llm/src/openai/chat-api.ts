import type { GenerateOptions, GenerationPart } from '@voicebus/core';
import type {
  ChatCompletionChunk,
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import { conversationItems, type ConversationItem } from './conversation-items.ts';
import { shortestReasoning } from './model-family.ts';
import { fault, streamError } from './openai-error.ts';
import type { OpenAISettings } from './openai-settings.ts';
import { ToolCallPieces } from './tool-call-pieces.ts';
import type { WireApi, WireRequest } from './wire-api.ts';

/** The way that every server knows that speaks like OpenAI. */
export const askChat: WireApi = async (wire) => {
  const { client, settings, request, signal } = wire;
  const body = chatRequest(request, settings);
  return readChunks(await client.chat.completions.create(body, { signal }), wire);
};

export function chatRequest(
  { sessionId, instructions, messages, tools, toolChoice }: GenerateOptions,
  { model, baseUrl, reasoningEffort, serviceTier }: OpenAISettings,
): ChatCompletionCreateParamsStreaming {
  const isOpenAI = baseUrl === null;
  const effort = reasoningEffort ?? (isOpenAI ? shortestReasoning(model) : null);
  return {
    model,
    messages: [
      { role: 'system', content: instructions },
      ...conversationItems(messages).flatMap(chatMessages),
    ],
    stream: true,
    stream_options: { include_usage: true },
    // Other servers refuse what they do not know.
    ...(isOpenAI ? { store: false, prompt_cache_key: sessionId } : {}),
    ...(effort === null ? {} : { reasoning_effort: effort }),
    ...(serviceTier === null ? {} : { service_tier: serviceTier }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            function: { name, description, parameters: { ...parameters } },
          })),
          tool_choice:
            typeof toolChoice === 'object'
              ? { type: 'function', function: { name: toolChoice.name } }
              : (toolChoice ?? 'auto'),
        }),
  };
}

function chatMessages(item: ConversationItem): ChatCompletionMessageParam[] {
  switch (item.type) {
    case 'text':
      return [{ role: item.role, content: item.text }];
    case 'said':
      return [{ role: 'assistant', content: item.text }];
    case 'calls':
      return [
        {
          role: 'assistant',
          content: null,
          tool_calls: item.calls.map(({ call }) => ({
            type: 'function',
            id: call.id,
            function: { name: call.name, arguments: call.arguments },
          })),
        },
        ...item.calls.map(({ call, result }): ChatCompletionMessageParam => ({
          role: 'tool',
          tool_call_id: call.id,
          content: result,
        })),
      ];
  }
}

async function* readChunks(
  chunks: AsyncIterable<ChatCompletionChunk>,
  { settings, onProgress, onComplete }: WireRequest,
): AsyncGenerator<GenerationPart> {
  const calls = new ToolCallPieces();
  let reason: ChatCompletionChunk.Choice['finish_reason'] = null;
  let usage: ChatCompletionChunk['usage'];
  try {
    for await (const chunk of chunks) {
      usage = chunk.usage ?? usage;
      const choice = chunk.choices[0];
      if (!choice) continue;
      const { content, refusal, tool_calls: pieces = [] } = choice.delta;
      if (refusal) throw streamError({ code: 'content_filter', message: '' }, settings);
      if (content) yield { type: 'text-delta', text: content };
      for (const piece of pieces) calls.add(piece);
      if (pieces.length > 0) onProgress();
      if (!choice.finish_reason) continue;
      reason = choice.finish_reason;
      // Only the count of its tokens is to come, and the end.
      onComplete();
    }
  } catch (thrown) {
    // The answer was complete; only the count of its tokens is missing.
    if (reason === null) throw thrown;
  }
  if (reason === null) throw fault('network', settings, 'the answer broke off');
  if (reason === 'content_filter')
    throw streamError({ code: 'content_filter', message: '' }, settings);
  // The arguments of a call that was cut at the limit are no arguments.
  const whole = reason === 'length' ? [] : calls.whole();
  for (const call of whole) yield { type: 'tool-call', call };
  yield {
    type: 'finish',
    reason: reason === 'length' ? 'length' : whole.length > 0 ? 'tool-calls' : 'stop',
    ...(usage
      ? { usage: { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens } }
      : {}),
  };
}
