import type { GenerateOptions, GenerationPart } from '@voicebus/core';
import type { Responses } from 'openai/resources/responses/responses';
import { conversationItems, type ConversationItem } from './conversation-items.ts';
import { shortestReasoning } from './model-family.ts';
import { fault, streamError } from './openai-error.ts';
import type { OpenAISettings } from './openai-settings.ts';
import type { WireApi, WireRequest } from './wire-api.ts';

/** OpenAI's own way of asking. */
export const askResponses: WireApi = async (wire) => {
  const { client, settings, request, signal } = wire;
  const body = responsesRequest(request, settings);
  return readEvents(await client.responses.create(body, { signal }), wire);
};

export function responsesRequest(
  { sessionId, instructions, messages, tools, toolChoice }: GenerateOptions,
  { model, reasoningEffort, serviceTier }: OpenAISettings,
): Responses.ResponseCreateParamsStreaming {
  const shortest = shortestReasoning(model);
  const effort = reasoningEffort ?? shortest;
  return {
    model,
    instructions,
    input: conversationItems(messages).flatMap(inputItems),
    stream: true,
    // What people said is kept here, and nowhere else.
    store: false,
    // Each turn begins with the one before: the same key finds the same cache.
    prompt_cache_key: sessionId,
    ...(effort === null ? {} : { reasoning: { effort } }),
    ...(shortest === null ? {} : { text: { verbosity: 'low' } }),
    ...(serviceTier === null ? {} : { service_tier: serviceTier }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, parameters }) => ({
            type: 'function',
            name,
            description,
            parameters: { ...parameters },
            // Strict schemas have no optional arguments; ours are checked when the tool is run.
            strict: false,
          })),
          tool_choice:
            typeof toolChoice === 'object'
              ? { type: 'function', name: toolChoice.name }
              : (toolChoice ?? 'auto'),
        }),
  };
}

function inputItems(item: ConversationItem): Responses.ResponseInputItem[] {
  switch (item.type) {
    case 'text':
      return [{ role: item.role === 'user' ? 'user' : 'developer', content: item.text }];
    case 'said':
      return [{ role: 'assistant', content: item.text }];
    case 'calls':
      return item.calls.flatMap(({ call, result }): Responses.ResponseInputItem[] => [
        { type: 'function_call', call_id: call.id, name: call.name, arguments: call.arguments },
        { type: 'function_call_output', call_id: call.id, output: result },
      ]);
  }
}

async function* readEvents(
  events: AsyncIterable<Responses.ResponseStreamEvent>,
  { settings, onProgress, onComplete }: WireRequest,
): AsyncGenerator<GenerationPart> {
  let calls = 0;
  let end: GenerationPart | null = null;
  for await (const event of events) {
    switch (event.type) {
      case 'response.output_text.delta':
        yield { type: 'text-delta', text: event.delta };
        break;
      case 'response.function_call_arguments.delta':
        onProgress();
        break;
      case 'response.output_item.done':
        if (event.item.type !== 'function_call') break;
        calls += 1;
        yield {
          type: 'tool-call',
          call: {
            id: event.item.call_id,
            name: event.item.name,
            arguments: event.item.arguments,
          },
        };
        break;
      case 'response.refusal.delta':
        throw streamError({ code: 'content_filter', message: '' }, settings);
      case 'response.completed':
        end = finish(event.response, calls > 0 ? 'tool-calls' : 'stop');
        onComplete();
        break;
      case 'response.incomplete':
        if (event.response.incomplete_details?.reason === 'content_filter')
          throw streamError({ code: 'content_filter', message: '' }, settings);
        end = finish(event.response, 'length');
        onComplete();
        break;
      case 'response.failed':
        throw streamError(event.response.error ?? { code: null, message: '' }, settings);
      case 'error':
        throw streamError(event, settings);
      default:
        break;
    }
  }
  if (!end) throw fault('network', settings, 'the answer broke off');
  yield end;
}

function finish(
  { usage }: Responses.Response,
  reason: 'stop' | 'tool-calls' | 'length',
): GenerationPart {
  if (!usage) return { type: 'finish', reason };
  const { input_tokens: inputTokens, output_tokens: outputTokens } = usage;
  return { type: 'finish', reason, usage: { inputTokens, outputTokens } };
}
