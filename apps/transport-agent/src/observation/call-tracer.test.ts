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
  const chat = spans.find(({ name }) => name.startsWith('chat '));
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

it('says which provider it was, and how long it took', () => {
  const { tracer, exporter } = trace();
  const turn = { turnId: 't1', agent: 'greeter' } as const;
  const timing = (
    part: 'stt' | 'llm' | 'tts',
    stage: 'connect' | 'first-byte' | 'first-clause' | 'final',
    [atMs, ms]: readonly [number, number],
  ): EventDraft => ({ type: 'provider-timing', part, provider: `${part}-1`, stage, atMs, ms });
  for (const event of stampEvents([
    { type: 'session-started', atMs: 0, owner: 'o', channel: 'c', text: false },
    timing('stt', 'connect', [10, 150]),
    { type: 'turn-started', atMs: 100, turnId: 't1', by: 'voice' },
    { type: 'speech-heard-end', atMs: 900, turnId: 't1', durationMs: 800, endedAtMs: 880 },
    timing('stt', 'final', [1_000, 90]),
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
    { type: 'llm-end', atMs: 1_320, ...turn, inputTokens: 9, outputTokens: 3 },
    { type: 'tts-end', atMs: 1_400, ...turn },
    { type: 'session-ended', atMs: 2_000, reason: 'caller-ended' },
  ]))
    tracer.take(event);
  const named = new Map(exporter.getFinishedSpans().map((span) => [span.name, span]));
  expect(named.get('call')?.events).toMatchObject([
    { name: 'connect', attributes: { 'voicebus.provider': 'stt-1', 'voicebus.took_ms': 150 } },
  ]);
  expect(named.get('speech_to_text')?.attributes).toMatchObject({
    'voicebus.provider': 'stt-1',
    'voicebus.final_ms': 90,
  });
  expect(named.get('chat greeter')?.attributes).toMatchObject({
    'gen_ai.provider.name': 'llm-1',
    'voicebus.first_byte_ms': 190,
    'voicebus.first_clause_ms': 240,
    'gen_ai.usage.output_tokens': 3,
  });
  expect(named.get('text_to_speech')?.attributes).toMatchObject({
    'voicebus.provider': 'tts-1',
    'voicebus.first_byte_ms': 60,
    'voicebus.characters': 12,
  });
});
