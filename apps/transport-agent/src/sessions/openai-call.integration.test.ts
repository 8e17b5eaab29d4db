import { OpenAIStandIn, type StandInAnswer } from '@voicebus/testing/stand-ins/openai';
import {
  startTransportAgentProcess,
  TraceCollector,
  VirtualCaller,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { afterAll, beforeAll, expect, test } from 'vitest';

let standIn: OpenAIStandIn;
let collector: TraceCollector;
let agent: TransportAgentProcess;
let isKeyRevoked = false;

beforeAll(async () => {
  standIn = await OpenAIStandIn.start({ answers: ({ body }) => answer(JSON.stringify(body)) });
  collector = await TraceCollector.start();
  agent = await startTransportAgentProcess({
    env: {
      STT: 'scripted',
      TTS: 'scripted',
      OPENAI_API_KEY: 'sk-test-0123456789',
      OPENAI_BASE_URL: standIn.url,
      OPENAI_MODEL: 'gpt-5.4-mini',
      OPENAI_API: 'responses',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    },
  });
}, 40_000);
afterAll(async () => {
  await agent?.stop();
  await standIn?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

/** By the newest thing that was said in the conversation. */
function answer(body: string): StandInAnswer {
  if (isKeyRevoked)
    return { fault: { type: 'status', status: 401, code: 'invalid_api_key', message: 'Revoked.' } };
  if (body.includes('The line broke')) return { text: 'on its way.' };
  const marks: [string, StandInAnswer][] = [
    ['where is it', { text: 'Your order is', fault: { type: 'cut', after: 3 } }],
    ['They want support', { text: 'Support speaking.' }],
    [
      'I need support',
      {
        text: 'One moment.',
        toolCalls: [
          {
            name: 'transfer_to_agent',
            arguments: { agent: 'support', reason: 'They want support.' },
          },
        ],
      },
    ],
  ];
  const found = marks.find(([mark]) => body.includes(mark));
  return found?.[1] ?? { text: 'Welcome to Acme.' };
}

async function answered(caller: VirtualCaller, text: string): Promise<string> {
  const after = caller.events.lastSequence;
  caller.type(text);
  await caller.untilEvent('bot-stopped-speaking', { after });
  return caller.events.of('bot-text').at(-1)?.text ?? '';
}

test('a call with the real SDK: greeted, handed over, an answer that breaks off, a key that is revoked', async () => {
  const caller = await VirtualCaller.call({ url: agent.url });
  await caller.untilEvent('bot-stopped-speaking');
  expect(caller.events.of('bot-text').at(-1)).toMatchObject({
    agent: 'greeter',
    text: 'Welcome to Acme.',
  });

  const before = caller.events.lastSequence;
  caller.type('I need support');
  await caller.untilEvent('handoff-active', { after: before, where: ({ to }) => to === 'support' });
  await caller.untilEvent('bot-stopped-speaking', {
    after: before,
    where: (event) => event.agent === 'support',
  });
  expect(caller.events.of('bot-text').at(-1)?.text).toBe('Support speaking.');

  expect(await answered(caller, 'where is it')).toBe('Your order is on its way.');

  isKeyRevoked = true;
  const offline = await answered(caller, 'where is my order');
  expect(offline).toMatch(/order/i);

  expect(caller.events.of('problem')).toEqual([]);
  const lines = agent
    .output()
    .split('\n')
    .filter((line) => line.includes('OPENAI_API_KEY'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('Revoked.');
  expect(agent.output()).not.toMatch(/0123456789|where is/);
  caller.send({ type: 'end-call' });
  await caller.untilMessage('ended');
  await caller.close();

  // All of it is counted.
  const counted = await (await fetch(`${agent.url}/metrics`)).text();
  const of = (name: string, more = ''): string => `${name}{part="llm",provider="openai"${more}} `;
  for (const line of [
    of('voicebus_provider_connect_seconds_count'),
    of('voicebus_provider_first_byte_seconds_count'),
    of('voicebus_provider_first_clause_seconds_count'),
    of('voicebus_provider_output_tokens_total'),
    `${of('voicebus_provider_requests_total', ',outcome="complete"')}4`,
    `${of('voicebus_provider_requests_total', ',outcome="failed"')}2`,
    `${of('voicebus_provider_left_alone')}1`,
    'voicebus_provider_left_alone{part="llm",provider="offline"} 0',
  ])
    expect(counted).toContain(line);

  // And in the traces: the connection for itself, each answer in its turn of the call, by whom it was.
  await agent.stop();
  const connect = await collector.until('connect openai');
  expect(connect).toMatchObject({ service: 'voicebus-transport-agent', parentSpanId: '' });
  const call = await collector.until('call');
  expect(call.traceId).not.toBe(connect.traceId);
  const parentOf = (id: string): string | undefined =>
    collector.spans.find(({ spanId }) => spanId === id)?.name;
  const answers = collector.spans.filter(({ name }) => name.startsWith('chat'));
  expect(answers.map(({ name, attributes }) => [name, attributes['gen_ai.provider.name']])).toEqual(
    [
      ['chat gpt-5.4-mini', 'openai'],
      ['chat gpt-5.4-mini', 'openai'],
      ['chat gpt-5.4-mini', 'openai'],
      ['chat gpt-5.4-mini', 'openai'],
      ['chat', 'offline'],
    ],
  );
  for (const { traceId, parentSpanId } of answers)
    expect([traceId, parentOf(parentSpanId)]).toEqual([call.traceId, 'turn']);
  expect(answers[0]?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.agent.name': 'greeter',
    'gen_ai.request.model': 'gpt-5.4-mini',
    'gen_ai.usage.output_tokens': 5,
    'voicebus.first_byte_ms': expect.any(Number) as number,
  });
  expect(JSON.stringify(collector.spans)).not.toMatch(/order|Acme|0123456789/);
}, 60_000);
