import { defineAgent, LocalBus, tool, type Bus } from '@voicebus/core';
import { openBus } from '@voicebus/service';
import { RedisServer } from '@voicebus/testing/bus-conformance';
import type { StandInAnswer, StandInRequest } from '@voicebus/testing/stand-ins/openai';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ServiceCall } from '../test-client/service-call.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

/** A tool that takes until it is let go, and counts how often it ran. */
function slowTool(cancelOnInterruption: boolean) {
  const begun = Promise.withResolvers<void>();
  const finished = Promise.withResolvers<void>();
  const state = { runs: 0, begun: begun.promise, finish: finished.resolve };
  const look = tool({
    description: 'Looks something up.',
    parameters: z.object({ what: z.string() }),
    cancelOnInterruption,
    timeoutMs: 600_000,
    execute: async ({ what }) => {
      state.runs += 1;
      begun.resolve();
      await finished.promise;
      return { found: `a ${what} in the cellar` };
    },
  });
  return { look, state };
}

interface Item {
  readonly kind: 'call' | 'result' | 'words';
  readonly text: string;
}

/** What the model was asked, without regard to the API. */
function itemsOf({ api, body }: StandInRequest): Item[] {
  if (api === 'responses') {
    const items = Array.isArray(body.input) ? body.input : [];
    return items.map((item) => {
      const type = 'type' in item ? item.type : 'message';
      const kind =
        type === 'function_call' ? 'call' : type === 'function_call_output' ? 'result' : 'words';
      return { kind, text: JSON.stringify(item) };
    });
  }
  return body.messages.map((message) => ({
    kind: message.role === 'tool' ? 'result' : 'tool_calls' in message ? 'call' : 'words',
    text: JSON.stringify(message),
  }));
}

function answer(request: StandInRequest): StandInAnswer | string {
  const items = itemsOf(request);
  const last = items.findLast(({ kind }) => kind === 'words')?.text ?? '';
  if (last.includes('The result of look')) return 'It is in the cellar.';
  if (last.includes('still there')) return 'Yes I am here.';
  if (last.includes('and now')) return 'Now I listen.';
  if (!last.includes('kettle')) return 'Hello.';
  const call = { name: 'look', arguments: { what: 'kettle' } };
  return items.at(-1)?.kind === 'result' ? 'Found it.' : { text: 'One moment.', toolCalls: [call] };
}

/** Both services refuse a conversation in which a call has not its result directly behind it. */
function expectWellFormed(request: StandInRequest): void {
  const kinds = itemsOf(request).map(({ kind }) => kind);
  kinds.forEach((kind, index) => {
    if (kind === 'call') expect(kinds[index + 1], kinds.join(' ')).toBe('result');
    if (kind === 'result') expect(kinds[index - 1], kinds.join(' ')).toBe('call');
  });
}

async function buses(kind: 'local' | 'redis'): Promise<readonly [Bus, Bus]> {
  if (kind === 'local') {
    const bus = new LocalBus({ mode: 'frozen' });
    return [bus, bus];
  }
  const redis = await RedisServer.start();
  opened.push(redis);
  const config = { kind, channel: 'slow-tools', redisUrl: redis.url } as const;
  const open = (): Promise<Bus> => openBus(config, () => {});
  return [await open(), await open()];
}

async function callWith(bus: 'local' | 'redis', cancelOnInterruption: boolean) {
  const { look, state } = slowTool(cancelOnInterruption);
  const greeter = defineAgent({
    name: 'greeter',
    voice: 'bright',
    instructions: 'You look things up.',
    tools: { look },
  });
  const call = await ServiceCall.start({
    agents: [greeter],
    answers: answer,
    api: bus === 'local' ? 'responses' : 'chat',
    buses: await buses(bus),
    speed: 2,
  });
  opened.push(call);
  call.say('find my kettle');
  await state.begun;
  // While it runs: what is said is heard, and answered.
  const after = call.events.lastSequence;
  call.say('are you still there');
  await call.until('transcript-final', { after, where: ({ text }) => text.endsWith('there') });
  await call.until('bot-heard', {
    after,
    where: ({ heardCharacters }) => heardCharacters === 'Yes I am here.'.length,
  });
  return { call, state };
}

const saidBy = (call: ServiceCall): string[] => [
  ...new Map(call.events.of('bot-text').map(({ messageId, text }) => [messageId, text])).values(),
];

describe.each(['local', 'redis'] as const)('a tool that takes long, on the %s bus', (bus) => {
  test('goes on while the caller speaks, and its result is told once', async () => {
    const { call, state } = await callWith(bus, false);
    const asked = call.openai.requests.at(-1);
    const running = itemsOf(asked!).filter(({ kind }) => kind === 'result');
    expect(running).toHaveLength(1);
    expect(running[0]?.text).toContain('still running');

    const after = call.events.lastSequence;
    state.finish();
    await call.until('bot-heard', {
      after,
      where: ({ heardCharacters }) => heardCharacters === 'It is in the cellar.'.length,
    });
    expect(state.runs).toBe(1);
    expect(saidBy(call)).toEqual([
      'Hello.',
      'One moment.',
      'Yes I am here.',
      'It is in the cellar.',
    ]);
    expect(call.events.of('tool-end').map(({ status }) => status)).toEqual(['completed']);
    for (const request of call.openai.requests) expectWellFormed(request);
    const told = itemsOf(call.openai.requests.at(-1)!);
    expect(told.filter(({ kind }) => kind === 'result')).toHaveLength(1);
    expect(told.find(({ kind }) => kind === 'result')?.text).toContain('a kettle in the cellar');
    expect(call.events.of('problem')).toEqual([]);
  });

  test('is given up when the caller speaks, and what it says later is told to nobody', async () => {
    const { call, state } = await callWith(bus, true);
    expect(call.events.of('tool-end').map(({ status }) => status)).toEqual(['cancelled']);
    state.finish();
    const after = call.events.lastSequence;
    call.say('and now');
    await call.until('bot-heard', {
      after,
      where: ({ heardCharacters }) => heardCharacters === 'Now I listen.'.length,
    });
    expect(state.runs).toBe(1);
    expect(saidBy(call)).toEqual(['Hello.', 'One moment.', 'Yes I am here.', 'Now I listen.']);
    for (const request of call.openai.requests) expectWellFormed(request);
    const [result] = itemsOf(call.openai.requests.at(-1)!).filter(({ kind }) => kind === 'result');
    expect(result?.text).toContain('interrupted');
    expect(JSON.stringify(call.openai.requests)).not.toContain('in the cellar');
    expect(call.events.of('problem')).toEqual([]);
  });
});
