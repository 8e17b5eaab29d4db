import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { stampEvents, writtenCall, type EventDraft } from '@voicebus/session-view/written-call';
import { expect, it } from 'vitest';
import { CallTracer } from './call-tracer.ts';

function trace(): { tracer: CallTracer; exporter: InMemorySpanExporter } {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  return { tracer: new CallTracer(provider.getTracer('test')), exporter };
}

it('folds a call into one trace: turns in the call, stages in their turns', () => {
  const { tracer, exporter } = trace();
  for (const event of writtenCall) tracer.take(event);
  const spans = exporter.getFinishedSpans();
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  const parentOf = (span: (typeof spans)[number]): string | undefined =>
    byId.get(span.parentSpanContext?.spanId ?? '')?.name;
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
  for (const [name, parent] of [
    ['turn', 'call'],
    ['speech_to_text', 'turn'],
    ['text_to_speech', 'turn'],
  ]) {
    const found = spans.filter((span) => span.name === name);
    expect(found.length, name).toBeGreaterThan(0);
    expect(new Set(found.map(parentOf)), name).toEqual(new Set([parent]));
  }
  const chat = spans.find(({ name }) => name === 'chat');
  expect(chat?.attributes).toMatchObject({ 'gen_ai.operation.name': 'chat' });
  expect(spans.find(({ name }) => name.startsWith('execute_tool '))?.attributes).toMatchObject({
    'gen_ai.operation.name': 'execute_tool',
  });
  expect(spans.some(({ name }) => name.startsWith('handoff '))).toBe(true);
});

it('lasts as long as the events say, and holds no word that anybody said', () => {
  const { tracer, exporter } = trace();
  for (const event of writtenCall) tracer.take(event);
  const spans = exporter.getFinishedSpans();
  const call = spans.find(({ name }) => name === 'call');
  const [first, last] = [writtenCall[0], writtenCall.at(-1)];
  const ms = ([seconds, nanos]: readonly [number, number]): number => seconds * 1e3 + nanos / 1e6;
  expect(ms(call?.duration ?? [0, 0])).toBeCloseTo((last?.wallMs ?? 0) - (first?.wallMs ?? 0), 0);
  const written = JSON.stringify(
    spans.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
  );
  const said = writtenCall.flatMap((event) =>
    (event.type === 'transcript-final' || event.type === 'bot-text') && event.text !== ''
      ? [event.text]
      : [],
  );
  expect(said.length).toBeGreaterThan(3);
  for (const text of said) expect(written).not.toContain(text);
});

it('loses no call that still runs when the process ends', () => {
  const { tracer, exporter } = trace();
  for (const event of writtenCall.slice(0, 12)) tracer.take(event);
  expect(exporter.getFinishedSpans().some(({ name }) => name === 'call')).toBe(false);
  tracer.close();
  expect(exporter.getFinishedSpans().some(({ name }) => name === 'call')).toBe(true);
});

it('says which provider it was, how long it took, and how much sound it was', () => {
  const { tracer, exporter } = trace();
  const turn = { turnId: 't1', agent: 'greeter' } as const;
  const timing = (
    part: 'stt' | 'llm' | 'tts',
    stage: 'connect' | 'first-byte' | 'first-clause' | 'final',
    [atMs, ms]: readonly [number, number],
  ): EventDraft => ({ type: 'provider-timing', part, provider: `${part}-1`, stage, atMs, ms });
  const sound = (part: 'stt' | 'tts', atMs: number, seconds: number): EventDraft => ({
    type: 'provider-sound',
    part,
    provider: `${part}-1`,
    atMs,
    seconds,
  });
  for (const event of stampEvents([
    { type: 'session-started', atMs: 0, owner: 'o', channel: 'c', text: false },
    timing('stt', 'connect', [10, 150]),
    { type: 'turn-started', atMs: 100, turnId: 't1', by: 'voice' },
    { type: 'speech-heard-end', atMs: 900, turnId: 't1', durationMs: 800, endedAtMs: 880 },
    timing('stt', 'final', [1_000, 90]),
    sound('stt', 1_000, 1.24),
    {
      type: 'transcript-final',
      atMs: 1_001,
      turnId: 't1',
      messageId: 'm1',
      text: 'hello',
      by: 'voice',
    },
    { type: 'llm-request', atMs: 1_010, ...turn },
    timing('llm', 'first-byte', [1_200, 190]),
    { type: 'llm-first-token', atMs: 1_201, ...turn },
    timing('llm', 'first-clause', [1_250, 240]),
    timing('tts', 'first-byte', [1_300, 60]),
    { type: 'tts-first-byte', atMs: 1_301, ...turn },
    { type: 'bot-text', atMs: 1_310, ...turn, messageId: 'm2', text: 'Hello there.', done: true },
    {
      type: 'llm-end',
      atMs: 1_320,
      ...turn,
      inputTokens: 9,
      outputTokens: 3,
      provider: 'llm-1',
      model: 'a-model',
    },
    // The first voice broke off, and the next one said the rest.
    sound('tts', 1_350, 0.2),
    sound('tts', 1_390, 0.7),
    { type: 'tts-end', atMs: 1_400, ...turn },
    { type: 'turn-ended', atMs: 1_500, turnId: 't1', interrupted: true },
    sound('tts', 1_501, 0.3),
    sound('stt', 1_990, 2),
    { type: 'session-ended', atMs: 2_000, reason: 'caller-ended' },
  ]))
    tracer.take(event);
  const named = new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
  expect(named.get('call')?.events).toMatchObject([
    { name: 'connect', attributes: { 'voicebus.provider': 'stt-1', 'voicebus.took_ms': 150 } },
  ]);
  expect(named.get('call')?.attributes).toMatchObject({
    'voicebus.heard_seconds': 3.24,
    'voicebus.spoken_seconds': 1.2,
  });
  expect(named.get('speech_to_text')?.attributes).toMatchObject({
    'voicebus.sound_seconds': 1.24,
    'voicebus.provider': 'stt-1',
    'voicebus.final_ms': 90,
  });
  expect(named.get('chat a-model')?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.agent.name': 'greeter',
    'gen_ai.provider.name': 'llm-1',
    'gen_ai.request.model': 'a-model',
    'voicebus.first_byte_ms': 190,
    'voicebus.first_clause_ms': 240,
    'gen_ai.usage.output_tokens': 3,
  });
  expect(named.get('text_to_speech')?.attributes).toMatchObject({
    'voicebus.provider': 'tts-1',
    'voicebus.first_byte_ms': 60,
    'voicebus.characters': 12,
    'voicebus.sound_seconds': 0.9,
  });
});

it('gives each message the sound that is its own, also where the model is ahead of the voice', () => {
  const { tracer, exporter } = trace();
  const message = (agent: string, turnId: string, atMs: number): EventDraft[] => [
    { type: 'llm-request', atMs, turnId, agent },
    { type: 'llm-first-token', atMs: atMs + 1, turnId, agent },
    { type: 'bot-text', atMs: atMs + 2, turnId, agent, messageId: agent, text: agent, done: true },
    { type: 'llm-end', atMs: atMs + 3, turnId, agent },
  ];
  const spoken = (agent: string, turnId: string, seconds: number): EventDraft[] => [
    { type: 'tts-first-byte', atMs: seconds * 100, turnId, agent },
    {
      type: 'provider-sound',
      atMs: seconds * 100 + 1,
      part: 'tts',
      provider: 'voice',
      seconds,
    },
    { type: 'tts-end', atMs: seconds * 100 + 2, turnId, agent },
  ];
  for (const event of stampEvents([
    { type: 'session-started', atMs: 0, owner: 'o', channel: 'c', text: false },
    // Two messages of one turn, with a tool between them, and one of the agent who takes over.
    ...message('a', 't1', 10),
    ...message('ab', 't1', 20),
    ...message('abc', 't2', 30),
    ...spoken('a', 't1', 1),
    ...spoken('ab', 't1', 2),
    ...spoken('abc', 't2', 3),
    { type: 'session-ended', atMs: 400, reason: 'caller-ended' },
  ]))
    tracer.take(event);
  const said = exporter.getFinishedSpans().filter(({ name }) => name === 'text_to_speech');
  expect(
    said.map(({ attributes, events }) => [
      attributes['voicebus.characters'],
      attributes['voicebus.sound_seconds'],
      events.length,
    ]),
  ).toEqual([
    [1, 1, 1],
    [2, 2, 1],
    [3, 3, 1],
  ]);
});
