import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { argumentPieces, textPieces, usualUsage, type StandInAnswer } from './scripted-answer.ts';
import type { WireAnswer } from './wire-answer.ts';

type Delta = ChatCompletionChunk.Choice.Delta;
type FinishReason = ChatCompletionChunk.Choice['finish_reason'];

/** An answer as chat completions stream it. */
export function chatWire(answer: StandInAnswer, index: number, model: string): WireAnswer {
  const chunk = (more: Partial<ChatCompletionChunk>): string =>
    line({
      id: `chatcmpl-${index}`,
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model,
      choices: [],
      ...more,
    });
  const delta = (given: Delta, finish_reason: FinishReason = null): string =>
    chunk({ choices: [{ index: 0, delta: given, finish_reason, logprobs: null }] });
  const { inputTokens, outputTokens } = answer.usage ?? usualUsage;
  const error = line({
    error: { message: 'The server failed.', type: 'server_error', code: null },
  });
  return {
    opening: [delta({ role: 'assistant', content: '' })],
    pieces: [
      ...textPieces(answer.text ?? '').map((content) => delta({ content })),
      ...(answer.refusal === undefined ? [] : [delta({ refusal: answer.refusal })]),
      ...callDeltas(answer.toolCalls ?? [], index).map((given) => delta(given)),
    ],
    closing: [
      delta({}, finishReason(answer)),
      chunk({
        usage: {
          prompt_tokens: inputTokens,
          completion_tokens: outputTokens,
          total_tokens: inputTokens + outputTokens,
        },
      }),
      'data: [DONE]\n\n',
    ],
    failed: error,
    error,
  };
}

/** All calls are opened, then their arguments come by turns: that is what parallel calls look like. */
function callDeltas(calls: NonNullable<StandInAnswer['toolCalls']>, answerIndex: number): Delta[] {
  const opened = calls.map(({ name }, index): Delta => ({
    tool_calls: [
      {
        index,
        id: `call_${answerIndex}_${index}`,
        type: 'function',
        function: { name, arguments: '' },
      },
    ],
  }));
  const pieces = calls.flatMap((call, index) =>
    argumentPieces(call.arguments).map((text, at) => ({ at, index, text })),
  );
  const byTurns = pieces.toSorted((one, other) => one.at - other.at);
  const written = byTurns.map(({ index, text }): Delta => ({
    tool_calls: [{ index, function: { arguments: text } }],
  }));
  return [...opened, ...written];
}

function finishReason({ ends, toolCalls = [] }: StandInAnswer): FinishReason {
  if (ends === 'length') return 'length';
  if (ends === 'content-filter') return 'content_filter';
  return toolCalls.length > 0 ? 'tool_calls' : 'stop';
}

function line(data: ChatCompletionChunk | { error: object }): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
