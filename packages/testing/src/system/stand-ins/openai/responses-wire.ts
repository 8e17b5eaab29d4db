import type { Responses } from 'openai/resources/responses/responses';
import { argumentPieces, textPieces, usualUsage, type StandInAnswer } from './scripted-answer.ts';
import type { WireAnswer } from './wire-answer.ts';

type Event = Responses.ResponseStreamEvent;
/** Without its number, which is given when it is written. */
type Unnumbered<Kind> = Kind extends { sequence_number: number }
  ? Omit<Kind, 'sequence_number'>
  : never;

/** An answer as the Responses API streams it. */
export function responsesWire(answer: StandInAnswer, index: number, model: string): WireAnswer {
  const writer = new Writer(index, model, answer);
  const opening = [
    writer.event({ type: 'response.created', response: writer.response('in_progress') }),
    writer.event({ type: 'response.in_progress', response: writer.response('in_progress') }),
  ];
  const pieces = [
    ...(answer.text === undefined ? [] : writer.message(answer.text)),
    ...(answer.refusal === undefined ? [] : writer.refusal(answer.refusal)),
    ...writer.calls(answer.toolCalls ?? []),
  ];
  return {
    opening,
    pieces,
    closing: [writer.ending()],
    failed: writer.failed(),
    error: writer.error(),
  };
}

class Writer {
  readonly #index: number;
  readonly #model: string;
  readonly #answer: StandInAnswer;
  readonly #output: Responses.ResponseOutputItem[] = [];
  #sequence = 0;

  constructor(index: number, model: string, answer: StandInAnswer) {
    this.#index = index;
    this.#model = model;
    this.#answer = answer;
  }

  event(event: Unnumbered<Event>): string {
    const numbered: Event = { ...event, sequence_number: this.#sequence };
    this.#sequence += 1;
    return `event: ${numbered.type}\ndata: ${JSON.stringify(numbered)}\n\n`;
  }

  /** All that the documentation says is there in a response of this kind. */
  response(status: Responses.ResponseStatus): Responses.Response {
    const { inputTokens, outputTokens } = this.#answer.usage ?? usualUsage;
    const isOver = status !== 'in_progress';
    const onTheWire: Omit<Responses.Response, 'output_text'> = {
      id: `resp_${this.#index}`,
      object: 'response',
      created_at: 1_790_000_000,
      status,
      access_programs: null,
      error: status === 'failed' ? { code: 'server_error', message: 'The server failed.' } : null,
      incomplete_details:
        status === 'incomplete'
          ? { reason: this.#answer.ends === 'length' ? 'max_output_tokens' : 'content_filter' }
          : null,
      instructions: null,
      metadata: {},
      model: this.#model,
      output: isOver ? [...this.#output] : [],
      parallel_tool_calls: true,
      temperature: 1,
      tool_choice: 'auto',
      tools: [],
      top_p: 1,
      ...(isOver
        ? {
            usage: {
              input_tokens: inputTokens,
              input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
              output_tokens: outputTokens,
              output_tokens_details: { reasoning_tokens: 0 },
              total_tokens: inputTokens + outputTokens,
            },
          }
        : {}),
    };
    // The SDK puts `output_text` together itself.
    return onTheWire as Responses.Response;
  }

  message(text: string): string[] {
    const place = { item_id: `msg_${this.#index}`, output_index: this.#output.length };
    const part = { ...place, content_index: 0 };
    const words = textPieces(text);
    const whole: Responses.ResponseOutputText = {
      type: 'output_text',
      text,
      annotations: [],
      logprobs: [],
    };
    const before = this.#openMessage(place) + this.#openPart(part, { ...whole, text: '' });
    const deltas = words.map((delta) =>
      this.event({ type: 'response.output_text.delta', ...part, delta, logprobs: [] }),
    );
    const after =
      this.event({ type: 'response.output_text.done', ...part, text, logprobs: [] }) +
      this.#closeMessage(part, whole);
    return [before + (deltas[0] ?? ''), ...deltas.slice(1, -1), ...lastOf(deltas, after)];
  }

  refusal(refusal: string): string[] {
    const place = { item_id: `msg_${this.#index}`, output_index: this.#output.length };
    const part = { ...place, content_index: 0 };
    const whole: Responses.ResponseOutputRefusal = { type: 'refusal', refusal };
    return [
      this.#openMessage(place) + this.#openPart(part, { ...whole, refusal: '' }),
      this.event({ type: 'response.refusal.delta', ...part, delta: refusal }),
      this.event({ type: 'response.refusal.done', ...part, refusal }) +
        this.#closeMessage(part, whole),
    ];
  }

  calls(calls: NonNullable<StandInAnswer['toolCalls']>): string[] {
    return calls.flatMap((call, at) => {
      const place = { item_id: `fc_${this.#index}_${at}`, output_index: this.#output.length };
      const text = JSON.stringify(call.arguments);
      const item = {
        id: place.item_id,
        type: 'function_call',
        call_id: `call_${this.#index}_${at}`,
        name: call.name,
      } as const;
      const { output_index } = place;
      const added = this.event({
        type: 'response.output_item.added',
        output_index,
        item: { ...item, arguments: '', status: 'in_progress' },
      });
      const deltas = argumentPieces(call.arguments).map((delta) =>
        this.event({ type: 'response.function_call_arguments.delta', ...place, delta }),
      );
      const done = { ...item, arguments: text, status: 'completed' } as const;
      this.#output.push(done);
      return [
        added,
        ...deltas,
        this.event({ type: 'response.function_call_arguments.done', ...place, arguments: text }) +
          this.event({ type: 'response.output_item.done', output_index, item: done }),
      ];
    });
  }

  ending(): string {
    if (this.#answer.ends === undefined)
      return this.event({ type: 'response.completed', response: this.response('completed') });
    return this.event({ type: 'response.incomplete', response: this.response('incomplete') });
  }

  error(): string {
    return this.event({
      type: 'error',
      code: 'server_error',
      message: 'The server had an error while processing your request.',
      param: null,
    });
  }

  failed(): string {
    return this.event({ type: 'response.failed', response: this.response('failed') });
  }

  #openMessage({ item_id: id, output_index }: { item_id: string; output_index: number }): string {
    const item = { id, type: 'message', role: 'assistant', status: 'in_progress', content: [] };
    return this.event({
      type: 'response.output_item.added',
      output_index,
      item: item as Responses.ResponseOutputMessage,
    });
  }

  #openPart(place: PartPlace, part: MessagePart): string {
    return this.event({ type: 'response.content_part.added', ...place, part });
  }

  #closeMessage(place: PartPlace, part: MessagePart): string {
    const { item_id: id, output_index } = place;
    const item: Responses.ResponseOutputMessage = {
      id,
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [part],
    };
    this.#output.push(item);
    return (
      this.event({ type: 'response.content_part.done', ...place, part }) +
      this.event({ type: 'response.output_item.done', output_index, item })
    );
  }
}

type MessagePart = Responses.ResponseOutputText | Responses.ResponseOutputRefusal;
interface PartPlace {
  readonly item_id: string;
  readonly output_index: number;
  readonly content_index: number;
}

/** The last delta with what closes the message; a message of one word has it in its first piece. */
function lastOf(deltas: readonly string[], after: string): string[] {
  return deltas.length > 1 ? [`${deltas.at(-1) ?? ''}${after}`] : [after];
}
