import OpenAI, { type APIError } from 'openai';
import type { Responses } from 'openai/resources/responses/responses';
import { afterEach, describe, expect, it } from 'vitest';
import { OpenAIStandIn, type OpenAIStandInOptions } from './openai-stand-in.ts';

const opened: OpenAIStandIn[] = [];
afterEach(async () => {
  for (const standIn of opened.splice(0)) await standIn[Symbol.asyncDispose]();
});

async function start(options: OpenAIStandInOptions) {
  const standIn = await OpenAIStandIn.start(options);
  opened.push(standIn);
  const client = new OpenAI({
    apiKey: 'sk-right',
    baseURL: standIn.url,
    maxRetries: 0,
    logLevel: 'off',
  });
  return { standIn, client };
}

const model = 'gpt-5.4-mini';
const toolCalls = [
  { name: 'look', arguments: { at: 'the window', how: 'closely' } },
  { name: 'find', arguments: {} },
];
const usage = { inputTokens: 120, outputTokens: 34 };
const spoken = { text: 'One moment, please.', toolCalls, usage };

async function eventsOf(client: OpenAI): Promise<Responses.ResponseStreamEvent[]> {
  const events: Responses.ResponseStreamEvent[] = [];
  for await (const event of await client.responses.create({ model, input: 'Hello.', stream: true }))
    events.push(event);
  return events;
}

describe('by the Responses API', () => {
  it('a text comes in the documented order of events, each with the next number', async () => {
    const { client } = await start({ answers: () => 'Good morning.' });
    const events = await eventsOf(client);
    expect(events.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  });

  it('a call comes as an item, its arguments in pieces and then whole', async () => {
    const { client } = await start({
      answers: () => ({ toolCalls: [{ name: 'find', arguments: {} }] }),
    });
    expect((await eventsOf(client)).map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ]);
  });

  it("the SDK's own collector puts it together again", async () => {
    const { client } = await start({ answers: () => spoken });
    const stream = client.responses.stream({ model, input: 'Hello.' });
    const response = await stream.finalResponse();
    expect(response.output[0]).toMatchObject({ type: 'message', content: [{ text: spoken.text }] });
    const calls = response.output.filter((item) => item.type === 'function_call');
    expect(calls.map(({ name, arguments: given }) => [name, JSON.parse(given)])).toEqual([
      ['look', { at: 'the window', how: 'closely' }],
      ['find', {}],
    ]);
    expect(response.usage).toMatchObject({ input_tokens: 120, output_tokens: 34 });
  });

  it.each([
    ['length', 'max_output_tokens'],
    ['content-filter', 'content_filter'],
  ] as const)('an answer that ends by %s is incomplete, with the reason', async (ends, reason) => {
    const { client } = await start({ answers: () => ({ text: 'One two.', ends }) });
    const end = (await eventsOf(client)).at(-1);
    expect(end).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason } },
    });
  });

  it('a refusal is a part of its own', async () => {
    const { client } = await start({ answers: () => ({ refusal: 'I cannot.' }) });
    const types = (await eventsOf(client)).map(({ type }) => type);
    expect(types).toContain('response.refusal.delta');
    expect(types).toContain('response.refusal.done');
  });

  it('a failure is an event of the answer, or an error of the stream', async () => {
    const { client } = await start({
      answers: (_, index) => ({
        text: 'One two.',
        fault: { type: index === 0 ? 'failed' : 'error-event', after: 1 },
      }),
    });
    expect((await eventsOf(client)).at(-1)).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error' } },
    });
    await expect(eventsOf(client)).rejects.toMatchObject({ code: 'server_error' });
  });
});

describe('by chat completions', () => {
  it("the SDK's own collector puts it together again: text, calls in turns, tokens", async () => {
    const { client } = await start({ answers: () => spoken });
    const stream = client.chat.completions.stream({
      model,
      messages: [{ role: 'user', content: 'Hello.' }],
      stream_options: { include_usage: true },
    });
    const completion = await stream.finalChatCompletion();
    const choice = completion.choices[0];
    expect(choice?.finish_reason).toBe('tool_calls');
    expect(choice?.message.content).toBe(spoken.text);
    expect(
      choice?.message.tool_calls?.map((call) => (call.type === 'function' ? call.function : call)),
    ).toMatchObject(
      toolCalls.map(({ name, arguments: given }) => ({ name, arguments: JSON.stringify(given) })),
    );
    expect(completion.usage).toMatchObject({ prompt_tokens: 120, completion_tokens: 34 });
  });

  it.each([
    [{ text: 'One.' }, 'stop'],
    [{ text: 'One.', ends: 'length' }, 'length'],
    [{ text: 'One.', ends: 'content-filter' }, 'content_filter'],
  ] as const)('%o ends with %s', async (answer, reason) => {
    const { client } = await start({ answers: () => answer });
    const reasons: string[] = [];
    const messages = [{ role: 'user', content: 'Hello.' } as const];
    for await (const { choices } of await client.chat.completions.create({
      model,
      messages,
      stream: true,
    }))
      for (const { finish_reason } of choices) if (finish_reason) reasons.push(finish_reason);
    expect(reasons).toEqual([reason]);
  });
});

describe('a request that is not taken', () => {
  const refusal = async (client: OpenAI, asked = model): Promise<APIError> =>
    client.models.retrieve(asked).then(
      () => expect.unreachable('it was taken'),
      (thrown: unknown) => thrown as APIError,
    );

  it('has a wrong key, which is quoted with stars', async () => {
    const { client } = await start({ answers: () => '', apiKey: 'sk-another' });
    const { status, code, message } = await refusal(client);
    expect({ status, code }).toEqual({ status: 401, code: 'invalid_api_key' });
    expect(message).toContain('sk-********ight');
  });

  it('asks for a model that is not there', async () => {
    const { client } = await start({ answers: () => '', model });
    expect(await client.models.retrieve(model)).toMatchObject({ id: model, object: 'model' });
    expect(await refusal(client, 'gpt-0')).toMatchObject({ status: 404, code: 'model_not_found' });
  });

  it('comes too often, and is told when to come again', async () => {
    const { client } = await start({
      answers: () => ({
        fault: {
          type: 'status',
          status: 429,
          code: 'rate_limit_exceeded',
          headers: { 'retry-after': '2' },
        },
      }),
    });
    const error = await eventsOf(client).catch((thrown: unknown) => thrown as APIError);
    expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect((error as APIError).headers?.get('retry-after')).toBe('2');
  });
});

it('knows what it was asked, and who left before the end', async () => {
  const { client, standIn } = await start({
    answers: () => ({ text: 'One two three.', msPerPiece: 10_000 }),
  });
  const abort = new AbortController();
  const stream = await client.responses.create(
    { model, input: 'Hello.', stream: true },
    { signal: abort.signal },
  );
  expect(standIn.requests[0]).toMatchObject({ api: 'responses', body: { model, input: 'Hello.' } });
  abort.abort();
  for await (const _ of stream);
  await expect.poll(() => standIn.counts.abandoned).toBe(1);
});
