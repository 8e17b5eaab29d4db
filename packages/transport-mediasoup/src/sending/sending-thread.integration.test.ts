import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SendingThread } from './sending-thread.ts';

const receiver = createSocket('udp4');
let received: string[];
let broken: Error[];
let thread: SendingThread;

beforeEach(async () => {
  received = [];
  broken = [];
  thread = await SendingThread.start((error) => broken.push(error));
});
afterEach(() => thread.close());
afterAll(() => void receiver.close());

receiver.on('message', (packet, { port }) => {
  if (port === thread.port) received.push(packet.toString());
});
receiver.bind(0, '127.0.0.1');
await once(receiver, 'listening');
const { port } = receiver.address();

test('packets leave on time while this thread stands still', async () => {
  const late: number[] = [];
  thread.onSent = (latenessMs) => late.push(...latenessMs);
  const line = thread.open(port);
  line.send(Buffer.from('now'), performance.now());
  await vi.waitFor(() => expect(received).toEqual(['now']), 10_000);
  const startMs = performance.now();
  for (let number = 1; number <= 5; number += 1)
    line.send(Buffer.from(`${number}`), startMs + number * 20);
  while (performance.now() < startMs + 2_000);
  await vi.waitFor(() => expect(late).toHaveLength(6), 10_000);
  await vi.waitFor(() => expect(received).toEqual(['now', '1', '2', '3', '4', '5']), 10_000);
  // It stood still for two seconds: had they waited for it, they were later than that.
  expect(Math.max(...late.slice(1))).toBeLessThan(1_500);
  expect(Math.min(...late.slice(1))).toBeGreaterThanOrEqual(0);
});

test('what is not due can be taken back, and what a closed line still had is not sent', async () => {
  const line = thread.open(port);
  const inAnHourMs = performance.now() + 3_600_000;
  line.send(Buffer.from('now'), performance.now());
  line.send(Buffer.from('in an hour'), inAnHourMs);
  line.send(Buffer.from('and then'), inAnHourMs + 20);
  await vi.waitFor(() => expect(received).toEqual(['now']), 10_000);
  expect(line.takeBack()).toBe(2);
  line.send(Buffer.from('instead'), performance.now());
  await vi.waitFor(() => expect(received).toEqual(['now', 'instead']), 10_000);
  line.close();
  line.close();
  line.send(Buffer.from('to nobody'), performance.now());
  const other = thread.open(port);
  other.send(Buffer.from('last'), performance.now());
  await vi.waitFor(() => expect(received).toEqual(['now', 'instead', 'last']), 10_000);
});

test('a thread that breaks is replaced, on its port, and the calls go on', async () => {
  const line = thread.open(port);
  const { port: before } = thread;
  // No such port: a fault of ours that nothing in the thread expects.
  thread.open(70_000).send(Buffer.from('breaks it'), performance.now());
  await vi.waitFor(() => expect(broken).toHaveLength(1), 10_000);
  line.send(Buffer.from('while it is gone'), performance.now());
  await vi.waitFor(() => expect(received).toEqual(['while it is gone']), 10_000);
  expect(thread.port).toBe(before);
  line.send(Buffer.from('and after'), performance.now());
  await vi.waitFor(() => expect(received).toEqual(['while it is gone', 'and after']), 10_000);
  expect(broken).toHaveLength(1);
});
