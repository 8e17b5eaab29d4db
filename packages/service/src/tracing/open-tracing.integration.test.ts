import { TraceCollector } from '@voicebus/testing/system';
import { expect, it } from 'vitest';
import { openTracing } from './open-tracing.ts';

const connection = { part: 'llm', provider: 'openai', ms: 80 } as const;

it('sends spans to the collector that the settings name, with their headers', async () => {
  await using collector = await TraceCollector.start();
  const url = `${collector.endpoint}/v1/traces`;
  const tracing = await openTracing({ url, headers: { 'x-key': 'k' } }, 'voicebus-greeter');
  tracing.connected(connection);
  tracing.connected({ part: 'tts', provider: 'cartesia', ms: 40 });
  await tracing[Symbol.asyncDispose]();
  expect(collector.requests.map(({ url: path, headers }) => [path, headers['x-key']])).toEqual([
    ['/v1/traces', 'k'],
  ]);
  const [model, voice] = collector.spans;
  expect(model).toMatchObject({
    service: 'voicebus-greeter',
    name: 'connect openai',
    parentSpanId: '',
    attributes: { 'gen_ai.provider.name': 'openai', 'voicebus.part': 'llm' },
  });
  expect(model?.durationMs).toBeCloseTo(80, 0);
  expect(voice).toMatchObject({
    name: 'connect cartesia',
    attributes: { 'voicebus.provider': 'cartesia', 'voicebus.part': 'tts' },
  });
  // Nobody's call: each is a trace of its own.
  expect(voice?.traceId).not.toBe(model?.traceId);
});

it('keeps no process from ending when nobody collects', async () => {
  const tracing = await openTracing({ url: 'http://127.0.0.1:9/v1/traces', headers: {} }, 'x');
  tracing.connected(connection);
  await tracing[Symbol.asyncDispose]();
});
