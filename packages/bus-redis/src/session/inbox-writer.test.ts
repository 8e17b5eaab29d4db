import type { AnyBusMessage, Envelope } from '@voicebus/core';
import { expect, it, vi } from 'vitest';
import { Keys } from '../keys.ts';
import type { Client } from '../scripts.ts';
import { InboxWriter } from './inbox-writer.ts';
import { readPiece } from './piece.ts';

interface Append {
  readonly key: string;
  readonly names: readonly string[];
  readonly answer: (id: string | null) => void;
  readonly fail: () => void;
}

/** A Redis that answers when the test says so. */
function broker() {
  const appends: Append[] = [];
  const failed: string[] = [];
  const counts = { room: 0 };
  const client = {
    xadd: (key: string, ...rest: readonly (string | Buffer)[]) => {
      const { promise, resolve, reject } = Promise.withResolvers<string | null>();
      const names: string[] = [];
      readPiece(rest.at(-1) as Buffer, 'acme', {
        incarnation: 'two',
        onMessage: ({ message }) => names.push(message.id),
        onMalformed: () => names.push('malformed'),
      });
      const fail = (): void => reject(new Error('Connection is closed.'));
      appends.push({ key, names, answer: resolve, fail });
      return promise;
    },
  } as unknown as Client;
  const writer = new InboxWriter({
    client,
    keys: new Keys('acme'),
    onFailed: (incarnation) => failed.push(incarnation),
    onRoom: () => (counts.room += 1),
  });
  writer.setUp(true);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const send = async (...ids: readonly string[]): Promise<void> => {
    for (const id of ids) writer.send(envelope(id));
    await settle();
  };
  return { appends, failed, counts, writer, settle, send };
}

function envelope(id: string, to = 'two', text = ''): Envelope {
  const isUrgent = id.startsWith('urgent');
  const message = {
    id,
    kind: isUrgent ? 'worker-cancel' : 'custom',
    lane: isUrgent ? 'urgent' : 'ordered',
    channel: 'acme',
    sessionId: 'session',
    source: { incarnation: 'one', worker: 'greeter' },
    target: { incarnation: to, worker: 'main' },
    wallMs: 5,
    epoch: 2,
    body: isUrgent ? {} : { name: 'x', body: text },
  } as unknown as AnyBusMessage;
  return { message, sequence: 1, acknowledged: 0 };
}

const inSession = (sessionId: string, { message, ...numbers }: Envelope): Envelope => ({
  message: { ...message, sessionId },
  ...numbers,
});

it('sends at once what is said in one breath, and together what comes while it waits', async () => {
  const { appends, send, settle } = broker();
  await send('a', 'b');
  for (const id of ['c', 'd', 'e', 'f', 'g']) await send(id);
  await send('urgent');
  expect(appends.map(({ names }) => names)).toEqual([['a', 'b'], ['c'], ['d'], ['e']]);
  appends[0]?.answer('1-0');
  await settle();
  appends[1]?.answer('2-0');
  await settle();
  expect(appends.slice(4).map(({ names }) => names)).toEqual([['urgent'], ['f', 'g']]);
  expect(appends[0]?.key).toBe('acme:in:{two}');
});

it('keeps the inboxes apart: one that does not answer delays no other', async () => {
  const { appends, writer, send, settle } = broker();
  for (const id of ['a', 'b', 'c', 'd', 'e']) await send(id);
  writer.send(envelope('x', 'three'));
  await settle();
  expect(appends.at(-1)).toMatchObject({ key: 'acme:in:{three}', names: ['x'] });
});

it('lets sessions take turns: what one says goes out next, however much another has to say', async () => {
  const { appends, writer, settle } = broker();
  const flood = Array.from({ length: 3_000 }, (_, index) => `flood-${index}`);
  for (const id of flood) writer.send(inSession('loud', envelope(id)));
  await settle();
  // Four are under way with 256 each, and 1,976 wait.
  expect(appends).toHaveLength(4);
  for (const id of ['first', 'second']) writer.send(inSession('quiet', envelope(id)));
  const large = envelope('large', 'two', 'x'.repeat(200_000));
  writer.send(inSession('other', large));
  for (let count = 0; count < appends.length; count += 1) {
    appends[count]?.answer('1-0');
    await settle();
  }
  const names = appends.map((append) => append.names);
  const found = (id: string): number => names.findIndex((each) => each.includes(id));
  expect([found('first'), found('second')]).toEqual([4, 4]);
  // What is larger than an append goes alone, when it is its turn.
  expect(names[found('large')]).toEqual(['large']);
  expect(found('large')).toBe(5);
  expect(names.flat().filter((id) => id.startsWith('flood'))).toEqual(flood);
});

it('refuses what one session floods it with, and takes what others say', async () => {
  const { writer } = broker();
  const flood = (sessionId: string): void =>
    writer.send(inSession(sessionId, envelope('a', 'two', 'x'.repeat(200_000))));
  expect(() => {
    for (let count = 0; count < 40; count += 1) flood('loud');
  }).toThrow(expect.objectContaining({ code: 'queue-full', isRetryable: true }));
  expect(() => flood('quiet')).not.toThrow();
});

it('says that the inbox is back once, after one that was not there', async () => {
  const { appends, writer, send, settle } = broker();
  await send('a');
  expect(writer.isBack('two')).toBe(false);
  appends[0]?.answer(null);
  await settle();
  expect(writer.isBack('two')).toBe(true);
  expect(writer.isBack('two')).toBe(false);
});

it('asks for everything again after an append that failed, and sends nothing that had waited', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const { appends, failed, send, settle } = broker();
    for (const id of ['a', 'b', 'c', 'd', 'waits']) await send(id);
    appends[0]?.fail();
    await settle();
    expect(appends).toHaveLength(4);
    vi.advanceTimersByTime(1_000);
    expect(failed).toEqual(['two']);
  } finally {
    vi.useRealTimers();
  }
});

it('is bounded in what Redis has not answered, and says once when it takes more', async () => {
  const { appends, counts, writer, settle } = broker();
  let count = 0;
  const large = (): void => {
    count += 1;
    writer.send(inSession(`${count % 20}`, envelope('a', 'two', 'x'.repeat(200_000))));
  };
  expect(() => {
    while (count < 200) large();
  }).toThrow(expect.objectContaining({ code: 'queue-full', isRetryable: true }));
  for (let round = 0; round < 200; round += 1) {
    await settle();
    for (const { answer } of appends.splice(0)) answer('1-0');
  }
  expect(counts.room).toBe(1);
  expect(large).not.toThrow();
});

it('sends nothing and keeps nothing while the link is down, and refuses what is too large even then', async () => {
  const { appends, writer, send } = broker();
  writer.setUp(false);
  await send('a');
  expect(() => writer.send(envelope('b', 'two', 'x'.repeat(300_000)))).toThrow(
    expect.objectContaining({ code: 'too-large' }),
  );
  writer.setUp(true);
  await send('b');
  expect(appends.map(({ names }) => names)).toEqual([['b']]);
});
