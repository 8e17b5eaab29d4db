import { OpenAIStandIn, type StandInAnswer } from '@voicebus/testing/stand-ins/openai';
import {
  startTransportAgentProcess,
  VirtualCaller,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { afterAll, beforeAll, expect, test } from 'vitest';

let standIn: OpenAIStandIn;
let agent: TransportAgentProcess;
let isKeyRevoked = false;

beforeAll(async () => {
  standIn = await OpenAIStandIn.start({ answers: ({ body }) => answer(JSON.stringify(body)) });
  agent = await startTransportAgentProcess({
    env: {
      STT: 'scripted',
      TTS: 'scripted',
      OPENAI_API_KEY: 'sk-test-0123456789',
      OPENAI_BASE_URL: standIn.url,
      OPENAI_MODEL: 'gpt-5.4-mini',
      OPENAI_API: 'responses',
    },
  });
}, 40_000);
afterAll(async () => {
  await agent?.stop();
  await standIn?.[Symbol.asyncDispose]();
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
}, 60_000);
