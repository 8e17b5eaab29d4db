import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { writtenCall } from '@voicebus/session-view/written-call';
import { expect, it } from 'vitest';
import { openTracing } from './open-tracing.ts';

it('sends spans to the collector that the settings name, with their headers', async () => {
  const got = Promise.withResolvers<{ url: string; key: unknown; bytes: Buffer }>();
  const collector = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const { url = '', headers } = request;
      got.resolve({ url, key: headers['x-key'], bytes: Buffer.concat(pieces) });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/v1/traces`;
  const tracing = await openTracing({ url, headers: { 'x-key': 'k' } });
  for (const event of writtenCall) tracing.tracer.take(event);
  await tracing[Symbol.asyncDispose]();
  const { url: path, key, bytes } = await got.promise;
  expect([path, key]).toEqual(['/v1/traces', 'k']);
  for (const text of ['voicebus-transport-agent', 'gen_ai.operation.name', 'text_to_speech'])
    expect(bytes.includes(text), text).toBe(true);
  collector.close();
});

it('keeps no process from ending when nobody collects', async () => {
  const tracing = await openTracing({ url: 'http://127.0.0.1:9/v1/traces', headers: {} });
  for (const event of writtenCall) tracing.tracer.take(event);
  await tracing[Symbol.asyncDispose]();
});
