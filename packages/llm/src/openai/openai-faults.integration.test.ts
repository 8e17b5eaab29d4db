import { getEventListeners } from 'node:events';
import {
  faultOf,
  type GenerateOptions,
  type GenerationPart,
  type ProviderFault,
  type VoicebusError,
} from '@voicebus/core';
import { ScriptedLanguageModel } from '@voicebus/testing';
import {
  OpenAIStandIn,
  type OpenAIStandInOptions,
  type StandInAnswer,
  type StandInFault,
} from '@voicebus/testing/stand-ins/openai';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { FallbackLanguageModel } from '../failover/fallback-language-model.ts';
import type { OpenAIDeadlines } from './openai-settings.ts';
import { modelAt } from './test-model.ts';

const apis = ['responses', 'chat'] as const;
const whole = 'one two three four';
/** Short enough to wait for in a test; only where nothing comes. */
const impatient: OpenAIDeadlines = {
  acceptedMs: 200,
  firstPartMs: 200,
  betweenMs: 200,
  warmUpMs: 5_000,
};

/** The delay before a retry has tests of its own. */
const soon = { firstDelayMs: 1 };

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]();
});

async function start(
  api: 'responses' | 'chat',
  options: OpenAIStandInOptions,
  more: { readonly deadlines?: OpenAIDeadlines; readonly apiKey?: string } = {},
) {
  const standIn = await OpenAIStandIn.start(options);
  const openai = modelAt(standIn, { api, ...more });
  opened.push(standIn, openai);
  return { standIn, openai };
}

/** Goes on where the first one stopped: the rest of the whole. */
function understudy(): ScriptedLanguageModel {
  return new ScriptedLanguageModel({
    name: 'understudy',
    canContinue: true,
    replies: ({ messages, tools }) => {
      if (tools.length > 0) return { toolCalls: [{ name: 'look' }] };
      const broken = messages.find(({ id }) => id === 'broken-off');
      return { text: whole.slice(broken?.content.length ?? 0) };
    },
  });
}

const request = (more: Partial<GenerateOptions> = {}): GenerateOptions => ({
  sessionId: 's1',
  agent: 'greeter',
  instructions: 'Be brief.',
  messages: [{ id: 'u1', role: 'user', content: 'Hello.' }],
  tools: [],
  signal: new AbortController().signal,
  ...more,
});
const tools = [{ name: 'look', description: 'Looks.', parameters: { type: 'object' } }];

async function all(parts: AsyncIterable<GenerationPart>): Promise<GenerationPart[]> {
  const read: GenerationPart[] = [];
  for await (const part of parts) read.push(part);
  return read;
}
const textOf = (parts: readonly GenerationPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');

const stages = ['headers', 2, 'end'] as const;
const breaks = [
  'silence',
  'cut',
  'early-end',
  'garbage',
  'half-json',
  'error-event',
  'failed',
] as const;
const faults: [string, StandInFault][] = [
  ...([401, 403, 404, 400, 429, 500, 503] as const).map((status): [string, StandInFault] => [
    `is refused with ${status}`,
    { type: 'status', status, headers: { 'retry-after': '30' } },
  ]),
  ['meets silence instead of an answer', { type: 'silence', after: 'request' }],
  ['is cut before an answer', { type: 'cut', after: 'request' }],
  ...breaks.flatMap((type) =>
    stages.map((after): [string, StandInFault] => [
      `meets ${type} after ${after}`,
      { type, after },
    ]),
  ),
];

describe.each(apis)('by %s, a caller whose request', (api) => {
  it.each(faults)('%s gets the whole answer once, from the next provider', async (_, fault) => {
    const { openai } = await start(
      api,
      { answers: () => ({ text: whole, fault }) },
      fault.type === 'silence' ? { deadlines: impatient } : {},
    );
    const model = new FallbackLanguageModel({ providers: [openai, understudy()], retry: soon });
    const parts = await all(model.generate(request()));
    expect(textOf(parts)).toBe(whole);
    expect(parts.filter(({ type }) => type === 'finish')).toHaveLength(1);
  });

  it.each(faults)('for a tool %s has one call made, once', async (_, fault) => {
    const toolCalls = [{ name: 'look', arguments: { at: 'the window' } }];
    const { openai } = await start(
      api,
      { answers: () => ({ toolCalls, fault }) },
      fault.type === 'silence' ? { deadlines: impatient } : {},
    );
    const model = new FallbackLanguageModel({ providers: [openai, understudy()], retry: soon });
    const parts = await all(model.generate(request({ tools })));
    expect(parts.map(({ type }) => type)).toEqual(['tool-call', 'finish']);
  });
});

describe.each(apis)('by %s', (api) => {
  const failure = async (
    answer: StandInAnswer,
    more: Parameters<typeof start>[2] = {},
  ): Promise<VoicebusError> => {
    const { openai } = await start(
      api,
      { answers: () => answer, apiKey: 'sk-right-1' },
      {
        apiKey: 'sk-right-1',
        ...more,
      },
    );
    return all(openai.generate(request())).then(
      () => expect.unreachable('it did not fail'),
      (thrown: unknown) => thrown as VoicebusError,
    );
  };

  it.each<[string, StandInAnswer, ProviderFault]>([
    ['a cut', { text: whole, fault: { type: 'cut', after: 1 } }, 'network'],
    ['garbage', { text: whole, fault: { type: 'garbage', after: 1 } }, 'garbled'],
    ['half a JSON', { text: whole, fault: { type: 'half-json', after: 1 } }, 'garbled'],
    ['an early end', { text: whole, fault: { type: 'early-end', after: 1 } }, 'network'],
    [
      'an error in the stream',
      { text: whole, fault: { type: 'error-event', after: 1 } },
      'overloaded',
    ],
    ['a failure', { text: whole, fault: { type: 'failed', after: 1 } }, 'overloaded'],
    ['a refusal', { refusal: 'I cannot help with that.' }, 'filtered'],
    ['a filter', { text: whole, ends: 'content-filter' }, 'filtered'],
  ])('%s is the fault that it is', async (_, answer, fault) => {
    expect(faultOf(await failure(answer))).toBe(fault);
  });

  it('lateness is one, whatever is late', async () => {
    const patient = {
      acceptedMs: 10_000,
      firstPartMs: 10_000,
      betweenMs: 10_000,
      warmUpMs: 10_000,
    };
    const cases = [
      { after: 'request', deadlines: { ...patient, acceptedMs: 100 } },
      { after: 'headers', deadlines: { ...patient, firstPartMs: 100 } },
      { after: 2, deadlines: { ...patient, betweenMs: 100 } },
    ] as const;
    const messages = await Promise.all(
      cases.map(async ({ after, deadlines }) => {
        const answer = { text: whole, fault: { type: 'silence', after } } as const;
        const error = await failure(answer, { deadlines });
        expect(error.code).toBe('deadline');
        return error.message;
      }),
    );
    expect(messages).toEqual([
      expect.stringContaining('did not take the request'),
      expect.stringContaining('did not begin to answer'),
      expect.stringContaining('stopped in the middle'),
    ]);
  });

  it('a wrong key is one line with the variable, the words of the service, what helps, and no key', async () => {
    const error = await failure({ text: whole }, { apiKey: 'sk-wrong-0123456789' });
    expect(faultOf(error)).toBe('key');
    expect(error.message).toContain('OPENAI_API_KEY: "Incorrect API key provided: ');
    expect(error.message).toContain('platform.openai.com/api-keys');
    expect(error.message).not.toMatch(/wrong|6789|\n/);
  });

  it('an answer that is too long ends as such, without the calls that it did not finish', async () => {
    const { openai } = await start(api, { answers: () => ({ text: whole, ends: 'length' }) });
    const parts = await all(openai.generate(request()));
    expect(parts.at(-1)).toMatchObject({ type: 'finish', reason: 'length' });
  });

  it('what was asked is what is there: text, parallel calls, tokens', async () => {
    const toolCalls = [
      { name: 'look', arguments: { at: 'the window', how: 'closely' } },
      { name: 'look', arguments: {} },
    ];
    const usage = { inputTokens: 120, outputTokens: 34 };
    const { openai, standIn } = await start(api, {
      answers: () => ({ text: 'One moment.', toolCalls, usage }),
    });
    const parts = await all(openai.generate(request({ tools })));
    expect(textOf(parts)).toBe('One moment.');
    const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part.call] : []));
    expect(calls.map(({ arguments: given }) => JSON.parse(given) as unknown)).toEqual(
      toolCalls.map((call) => call.arguments),
    );
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'tool-calls', usage });
    expect(standIn.requests[0]?.api).toBe(api);
  });

  it('an abort ends the request at the service too, and leaves no listener', async () => {
    const { openai, standIn } = await start(api, {
      answers: () => ({ text: whole, fault: { type: 'silence', after: 2 } }),
    });
    const abort = new AbortController();
    for await (const part of openai.generate(request({ signal: abort.signal }))) {
      expect(part.type).toBe('text-delta');
      abort.abort();
    }
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
    await vi.waitFor(() => expect(standIn.openConnections).toBe(0), 5_000);
  });

  it('turns use the connection that was opened before the first one', async () => {
    // The SDK itself leaves chat completions at their last word.
    const endDelayMs = api === 'responses' ? 20 : 0;
    const { openai, standIn } = await start(api, { answers: () => ({ text: whole, endDelayMs }) });
    await openai.warmUp();
    expect(standIn.counts.connections).toBe(1);
    for (let turn = 0; turn < 8; turn += 1) await all(openai.generate(request()));
    // A second one is opened where a turn comes in the same breath as the end of another.
    expect(standIn.counts.connections).toBeLessThanOrEqual(2);
  });

  it('an answer is complete when it says so, however long its stream stays open', async () => {
    const { openai } = await start(api, { answers: () => ({ text: whole, endDelayMs: 60_000 }) });
    const parts = await all(openai.generate(request()));
    expect(textOf(parts)).toBe(whole);
    expect(parts.at(-1)).toMatchObject({ type: 'finish', reason: 'stop' });
  });

  it('a wrong key or model is found before the first call', async () => {
    const { openai } = await start(api, { answers: () => whole, model: 'another' });
    const wrong = await openai.warmUp().catch((thrown: unknown) => thrown as VoicebusError);
    expect((wrong as VoicebusError).message).toContain('OPENAI_MODEL');
  });

  it('hundreds of turns, many of them interrupted or broken, leave nothing behind', async () => {
    const { openai, standIn } = await start(api, {
      answers: (_, index) =>
        index % 3 === 2 ? { text: whole, fault: { type: 'cut', after: 2 } } : whole,
    });
    const model = new FallbackLanguageModel({ providers: [openai, understudy()], retry: soon });
    const call = new AbortController();
    const before = socketsOf();
    for (let turn = 0; turn < 250; turn += 1) {
      const abort = new AbortController();
      const signal = AbortSignal.any([call.signal, abort.signal]);
      for await (const part of model.generate(request({ signal })))
        if (turn % 5 === 4 && part.type === 'text-delta') abort.abort();
      expect(getEventListeners(signal, 'abort')).toEqual([]);
    }
    await openai[Symbol.asyncDispose]();
    await vi.waitFor(() => expect(standIn.openConnections).toBe(0), 5_000);
    await vi.waitFor(() => expect(socketsOf()).toBeLessThanOrEqual(before), 5_000);
  });
});

function socketsOf(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
}
