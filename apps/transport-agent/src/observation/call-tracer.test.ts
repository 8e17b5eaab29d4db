import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { writtenCall } from '@voicebus/session-view/written-call';
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
