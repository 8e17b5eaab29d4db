import type { GenerateOptions, LanguageModel } from '@voicebus/core';
import {
  encodeWords,
  ScriptedLanguageModel,
  ScriptedSpeechToText,
  ScriptedTextToSpeech,
} from '@voicebus/testing';
import { Caller, describeSpeechToText } from '@voicebus/testing/speech-to-text-conformance';
import { describeTextToSpeech } from '@voicebus/testing/text-to-speech-conformance';
import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { measuredLanguageModel } from './measured-language-model.ts';
import { measuredSpeechToText } from './measured-speech-to-text.ts';
import { measuredTextToSpeech } from './measured-text-to-speech.ts';
import { ProviderMetrics, type ProviderTiming } from './provider-metrics.ts';

describeSpeechToText({
  name: 'a recogniser that is measured',
  limitMs: 5_000,
  open: () => {
    const scripted = new ScriptedSpeechToText();
    const speechToText = measuredSpeechToText(scripted, new ProviderMetrics());
    return Promise.resolve({
      speechToText,
      speak: (text) => Promise.resolve(encodeWords(text)),
      breakDown: () => scripted.fail(new Error('gone')),
      close: () => Promise.resolve(speechToText[Symbol.asyncDispose]()),
    });
  },
});

describeTextToSpeech({
  name: 'voices that are measured',
  limitMs: 5_000,
  open: () => {
    const textToSpeech = measuredTextToSpeech(new ScriptedTextToSpeech(), new ProviderMetrics());
    const close = (): Promise<void> => Promise.resolve(textToSpeech[Symbol.asyncDispose]());
    return Promise.resolve({ textToSpeech, failNext: null, close });
  },
});

function metrics() {
  const told: string[] = [];
  const registry = new Registry();
  const all = new ProviderMetrics();
  all.onTiming = (sessionId, { part, provider, stage, ms }: ProviderTiming) =>
    told.push(`${sessionId} ${part} ${provider} ${stage} ${ms >= 0}`);
  all.onSound = (sessionId, { part, provider, seconds }) =>
    told.push(`${sessionId} ${part} ${provider} ${seconds.toFixed(1)} s`);
  all.onConnected = ({ part, provider, ms }) => told.push(`${part} ${provider} connected ${ms}`);
  all.registerIn(registry);
  /** The lines of this metric, without its name. */
  const lines = async (name: string): Promise<string[]> =>
    (await registry.metrics())
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`))
      .map((line) => line.slice(name.length));
  return { all, told, lines };
}

const request = (more: Partial<GenerateOptions> = {}): GenerateOptions => ({
  sessionId: 's1',
  agent: 'greeter',
  instructions: '',
  messages: [{ id: 'u', role: 'user', content: 'hello' }],
  tools: [],
  signal: new AbortController().signal,
  ...more,
});

async function read(llm: LanguageModel, stopAfter = Infinity): Promise<number> {
  const types: string[] = [];
  for await (const { type } of llm.generate(request())) {
    types.push(type);
    if (types.length >= stopAfter) break;
  }
  return types.length;
}

it('counts what a model answers, and how soon it can be spoken', async () => {
  const { all, told, lines } = metrics();
  const fault = new Error('down');
  let asked = 0;
  const scripted = new ScriptedLanguageModel({
    replies: () => ((asked += 1) === 3 ? { text: 'One,', then: fault } : 'One, two and three.'),
  });
  const llm = measuredLanguageModel(scripted, all);
  await read(llm);
  expect(told).toEqual(['s1 llm scripted first-byte true', 's1 llm scripted first-clause true']);
  await read(llm, 1);
  await expect(read(llm)).rejects.toThrow('down');
  expect(await lines('voicebus_provider_requests_total')).toEqual([
    '{part="llm",provider="scripted",outcome="complete"} 1',
    '{part="llm",provider="scripted",outcome="abandoned"} 1',
    '{part="llm",provider="scripted",outcome="failed"} 1',
  ]);
  expect(await lines('voicebus_provider_first_byte_seconds_count')).toEqual([
    '{part="llm",provider="scripted"} 3',
  ]);
  expect(await lines('voicebus_provider_output_tokens_total')).toHaveLength(1);
});

it('says whose answer it was, as what they call the model', async () => {
  const { all } = metrics();
  const scripted = new ScriptedLanguageModel({ replies: () => 'Hello.' });
  const named = Object.assign(new ScriptedLanguageModel({ replies: () => 'Hello.' }), {
    model: 'a-model',
  });
  const byOf = async (llm: LanguageModel): Promise<unknown> => {
    for await (const part of measuredLanguageModel(llm, all).generate(request()))
      if (part.type === 'finish') return part.by;
    return null;
  };
  expect(await byOf(scripted)).toEqual({ provider: 'scripted' });
  expect(await byOf(named)).toEqual({ provider: 'scripted', model: 'a-model' });
});

it('counts connections that many calls share, and tells them to nobody’s call', async () => {
  const { all, told, lines } = metrics();
  all.took({ part: 'llm', provider: 'openai' }, 'connect', { ms: 80, sessionId: null });
  expect(told).toEqual(['llm openai connected 80']);
  expect(await lines('voicebus_provider_connect_seconds_count')).toEqual([
    '{part="llm",provider="openai"} 1',
  ]);
});

it('tells how much an interrupted voice gave in the breath in which it is interrupted', async () => {
  const { all, told } = metrics();
  const tts = measuredTextToSpeech(new ScriptedTextToSpeech(), all);
  const abort = new AbortController();
  const text = (async function* () {
    yield 'Hello there, how are you today? ';
    yield 'Well, I hope.';
  })();
  let toldAtOnce: readonly string[] = [];
  for await (const part of tts.speak({
    sessionId: 's2',
    text,
    voice: 'deep',
    signal: abort.signal,
  })) {
    if (part.type !== 'audio' || abort.signal.aborted) continue;
    abort.abort();
    toldAtOnce = [...told];
  }
  expect(toldAtOnce.at(-1)).toMatch(/^s2 tts scripted \d\.\d s$/);
  expect(told).toEqual(toldAtOnce);
});

it('counts what voices were given, and what they gave', async () => {
  const { all, told, lines } = metrics();
  const tts = measuredTextToSpeech(new ScriptedTextToSpeech(), all);
  let seconds = 0;
  const text = (async function* () {
    yield 'Hello ';
    yield 'there.';
  })();
  const { signal } = new AbortController();
  for await (const part of tts.speak({ sessionId: 's2', text, voice: 'deep', signal }))
    if (part.type === 'audio') seconds += part.pcm.length / part.sampleRateHz;
  expect(told).toEqual([
    's2 tts scripted first-byte true',
    `s2 tts scripted ${seconds.toFixed(1)} s`,
  ]);
  expect(await lines('voicebus_provider_characters_total')).toEqual([
    '{part="tts",provider="scripted"} 12',
  ]);
  expect(await lines('voicebus_provider_sound_seconds_total')).toEqual([
    `{part="tts",provider="scripted"} ${seconds}`,
  ]);
});

it('counts what a recogniser hears, and when it is done with it', async () => {
  const { all, told, lines } = metrics();
  const stt = measuredSpeechToText(new ScriptedSpeechToText(), all);
  const caller = await Caller.call(stt, 5_000);
  caller.say('u1', encodeWords('hello'));
  await caller.final('u1');
  caller.hangUp();
  expect(told).toEqual([
    'session-1 stt scripted connect true',
    // A word of 200 ms, and 300 ms of silence; then what came behind it.
    'session-1 stt scripted 0.5 s',
    'session-1 stt scripted final true',
    'session-1 stt scripted 0.6 s',
  ]);
  const [, seconds] = (await lines('voicebus_provider_sound_seconds_total'))[0]?.split('} ') ?? [];
  // A word of 200 ms, 300 ms of silence, and 600 ms after it.
  expect(Number(seconds)).toBeCloseTo(1.1);
});

it('shows who is left alone', async () => {
  const { all, lines } = metrics();
  measuredTextToSpeech(new ScriptedTextToSpeech(), all);
  const of = (): Promise<string[]> => lines('voicebus_provider_left_alone');
  expect(await of()).toEqual(['{part="tts",provider="scripted"} 0']);
  for (const [state, shown] of [
    ['open', 1],
    ['half-open', 1],
    ['closed', 0],
  ] as const) {
    all.circuit({ part: 'tts', provider: 'scripted' }, state);
    expect(await of()).toEqual([`{part="tts",provider="scripted"} ${shown}`]);
  }
});

it('reads the counts that a provider keeps of itself when somebody asks', async () => {
  const registry = new Registry();
  const all = new ProviderMetrics();
  const counts = { started: 1 };
  all.watch('voicebus_some_turns_total', 'Turns.', () => counts);
  all.registerIn(registry);
  counts.started = 5;
  const written = await registry.metrics();
  expect(written).toContain('voicebus_some_turns_total{what="started"} 5');
  expect(await registry.metrics()).toBe(written);
});
