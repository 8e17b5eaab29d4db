import {
  providerError,
  type GenerateOptions,
  type GenerationPart,
  type ProviderFault,
} from '@voicebus/core';
import { FakeClock, ScriptedLanguageModel, type ScriptedReply } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { FallbackLanguageModel } from './fallback-language-model.ts';

const error = (fault: ProviderFault, retryAfterMs?: number) =>
  providerError({ provider: 'first', fault, message: fault, retryAfterMs });
const request = (signal = new AbortController().signal): GenerateOptions => ({
  sessionId: 's1',
  agent: 'greeter',
  instructions: 'Be brief.',
  messages: [{ id: 'u1', role: 'user', content: 'Hello.' }],
  tools: [],
  signal,
});

function twoModels(
  first: readonly (ScriptedReply | string)[],
  second: readonly (ScriptedReply | string)[] = [],
  { canContinue = true } = {},
) {
  const clock = new FakeClock();
  const models = [
    new ScriptedLanguageModel({ clock, name: 'first', replies: first, canContinue: true }),
    new ScriptedLanguageModel({ clock, name: 'second', replies: second, canContinue }),
  ] as const;
  const changes: string[] = [];
  const model = new FallbackLanguageModel({
    clock,
    providers: models,
    retry: { random: () => 1 },
    onChange: ({ provider, circuit }) => changes.push(`${provider} ${circuit}`),
  });
  const ask = async (given = request()): Promise<{ text: string; parts: GenerationPart[] }> => {
    const parts: GenerationPart[] = [];
    const reading = (async () => {
      for await (const part of model.generate(given)) parts.push(part);
    })();
    await clock.until(reading);
    const text = parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
    return { text, parts };
  };
  return { clock, model, models, changes, ask };
}

describe('two models', () => {
  it('are one: the first choice answers, and the other is not asked', async () => {
    const { ask, models } = twoModels(['Good morning.']);
    expect((await ask()).text).toBe('Good morning.');
    expect(models[1].requests).toEqual([]);
  });

  it('the first is asked once more where the fault passes by itself', async () => {
    const { ask, models, clock } = twoModels([{ then: error('overloaded') }, 'Good morning.']);
    expect((await ask()).text).toBe('Good morning.');
    expect(models[0].requests).toHaveLength(2);
    expect(clock.now()).toBe(100);
  });

  it.each(['key', 'quota', 'setting', 'late', 'request', 'filtered', 'too-long'] as const)(
    'the second answers at once where asking again cannot help: %s',
    async (fault) => {
      const { ask, models, clock } = twoModels([{ then: error(fault) }], ['Good morning.']);
      expect((await ask()).text).toBe('Good morning.');
      expect(models[0].requests).toHaveLength(1);
      expect(clock.now()).toBe(0);
    },
  );

  it('the second answers where the first asks for more time than a caller has', async () => {
    const { ask, changes } = twoModels([{ then: error('rate-limit', 5_000) }], ['One.', 'Two.']);
    expect((await ask()).text).toBe('One.');
    expect((await ask()).text).toBe('Two.');
    expect(changes).toEqual(['first open']);
  });

  it('the first is left alone while it is ill, and answers again when it is well', async () => {
    const failing = { then: error('key') };
    const { ask, clock, changes } = twoModels([failing, 'Well again.'], ['One.', 'Two.']);
    expect((await ask()).text).toBe('One.');
    expect((await ask()).text).toBe('Two.');
    await clock.advance(300_000);
    expect((await ask()).text).toBe('Well again.');
    expect(changes).toEqual(['first open', 'first half-open', 'first closed']);
  });

  it('a first that took long to fail is not asked again', async () => {
    const slow = { delayMs: 1_600, then: error('network') };
    const { ask, models } = twoModels([slow], ['Good morning.']);
    expect((await ask()).text).toBe('Good morning.');
    expect(models[0].requests).toHaveLength(1);
  });
});

describe('an answer that breaks off', () => {
  const broken = { text: 'Your order is', then: error('network') };

  it('is gone on with by the same model first, over a new connection', async () => {
    const { ask, models } = twoModels([broken, 'on its way.']);
    expect((await ask()).text).toBe('Your order is on its way.');
    expect(models[0].requests[1]?.messages.slice(1)).toMatchObject([
      { role: 'assistant', content: 'Your order is', agent: 'greeter' },
      { role: 'developer' },
    ]);
    expect(models[1].requests).toEqual([]);
  });

  it('is gone on with by the next one, who knows all that was said', async () => {
    const again = { text: 'on its', then: error('network') };
    const { ask, models } = twoModels([broken, again], ['its way.']);
    expect((await ask()).text).toBe('Your order is on its its way.');
    expect(models[1].requests[0]?.messages.at(-2)?.content).toBe('Your order is on its');
  });

  it('is an error where nobody can go on with it, and is not begun anew', async () => {
    const late = { text: 'Your order is', then: error('late') };
    const { model, models } = twoModels([late], ['Hello!'], { canContinue: false });
    const parts: GenerationPart[] = [];
    const reading = (async () => {
      for await (const part of model.generate(request())) parts.push(part);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'deadline', data: { isExhausted: true } });
    expect(parts.map(({ type }) => type)).toEqual(['text-delta', 'text-delta', 'text-delta']);
    expect(models[1].requests).toEqual([]);
  });

  it('has called nothing', async () => {
    const clock = new FakeClock();
    const call = { type: 'tool-call', call: { id: 'c1', name: 'look', arguments: '{}' } } as const;
    const first = new ScriptedLanguageModel({ clock, replies: [] });
    first.generate = async function* () {
      yield call;
      throw error('late');
    };
    const second = new ScriptedLanguageModel({
      clock,
      name: 'second',
      replies: [{ toolCalls: [{ name: 'look' }] }],
    });
    const model = new FallbackLanguageModel({ clock, providers: [first, second] });
    const names: string[] = [];
    for await (const part of model.generate(request()))
      names.push(part.type === 'tool-call' ? part.call.id : part.type);
    expect(names).toEqual(['call-1', 'finish']);
  });
});

describe('nobody', () => {
  it('answers: the error says so, and whoever asked need not ask again', async () => {
    const { model } = twoModels([{ then: error('key') }], [{ then: error('request') }]);
    const reading = model.generate(request()).next();
    await expect(reading).rejects.toMatchObject({
      code: 'provider-refused',
      data: { isExhausted: true },
    });
  });

  it('waits any more: nothing is asked, said or left behind', async () => {
    const abort = new AbortController();
    const { model, clock, models, changes } = twoModels([{ then: error('network') }, 'x'], ['x']);
    const reading = model.generate(request(abort.signal)).next();
    await clock.settle();
    abort.abort();
    expect(await reading).toEqual({ done: true, value: undefined });
    expect(clock.pending).toBe(0);
    expect([models[0].requests.length, models[1].requests.length]).toEqual([1, 0]);
    expect(changes).toEqual([]);
  });

  it('is blamed for a caller who interrupts', async () => {
    const abort = new AbortController();
    const { model, clock, changes } = twoModels([
      { text: 'One two', msPerWord: 10 },
      { then: 'stall' },
      { then: 'stall' },
      { then: 'stall' },
    ]);
    const parts = model.generate(request(abort.signal));
    expect(await parts.next()).toMatchObject({ value: { text: 'One ' } });
    const next = parts.next();
    abort.abort();
    expect(await next).toMatchObject({ done: true });
    for (let count = 0; count < 3; count += 1) {
      const stalled = new AbortController();
      const waiting = model.generate(request(stalled.signal)).next();
      stalled.abort();
      expect(await waiting).toMatchObject({ done: true });
    }
    expect(changes).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

describe('warming up', () => {
  it('finds a refused key before a caller does, and rejects nothing', async () => {
    const { model, models, ask } = twoModels([], ['Good morning.']);
    Object.assign(models[0], { warmUp: () => Promise.reject(error('key')) });
    await model.warmUp();
    expect((await ask()).text).toBe('Good morning.');
    expect(models[0].requests).toEqual([]);
  });

  it('takes a success for a sign of health', async () => {
    const { model, models, changes } = twoModels([]);
    Object.assign(models[0], { warmUp: () => Promise.resolve() });
    await model.warmUp();
    expect(changes).toEqual([]);
  });
});
