import { limits, type ContextMessage } from '@voicebus/protocol';
import { FakeClock, joinRunner, RoughBus } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import type { AnyBusMessage, Envelope } from './envelope.ts';
import type { Delivery } from './mailbox.ts';
import { Assembly, partsOf, PartsRoom } from './parts.ts';
import type { RunnerBus } from './runner-bus.ts';

/** A conversation of that many characters, of one to four bytes each. */
function conversation(characters: number): ContextMessage[] {
  const content = 'Grüße, "Привет" 👋\n'.repeat(500);
  return Array.from({ length: Math.ceil(characters / content.length) }, (_, index) => ({
    id: `message-${index}`,
    role: 'user',
    content,
  }));
}

async function start() {
  const bus = new RoughBus();
  const clock = new FakeClock();
  const seen: Delivery[] = [];
  const join = async (incarnation: string): Promise<RunnerBus> => {
    const runner = await joinRunner({ bus, clock, incarnation });
    runner.subscribe('worker', 'session', { receive: (delivery) => void seen.push(delivery) });
    return runner;
  };
  const [one, two] = [await join('one'), await join('two')];
  const to = {
    sessionId: 'session',
    from: 'worker',
    to: { incarnation: 'two', worker: 'worker' },
  } as const;
  const snapshot = (messages: readonly ContextMessage[], worker = 'worker'): string =>
    one.send({
      ...to,
      to: { ...to.to, worker },
      kind: 'context-snapshot',
      epoch: 3,
      traceId: 'trace',
      body: { turnId: 'turn', context: { version: 7, messages: [...messages] } },
    });
  const note = (): string => one.send({ ...to, kind: 'deactivate', body: {} });
  const kinds = (): readonly string[] => seen.map(({ message }) => message.kind);
  return { bus, clock, one, two, seen, snapshot, note, kinds };
}

it('carries a conversation of 1 MB as if it were one message, in its place', async () => {
  const { clock, one, two, seen, snapshot, note, kinds, bus } = await start();
  const messages = conversation(1_000_000);
  note();
  const id = snapshot(messages);
  const last = one.orderedSequence('two', 'session');
  note();
  await clock.settle();
  expect(kinds()).toEqual(['deactivate', 'context-snapshot', 'deactivate']);
  // What voids everything up to now voids this.
  expect(seen[1]?.sequence).toBe(last);
  expect(seen[1]?.message).toMatchObject({ id, epoch: 3, traceId: 'trace' });
  expect(seen[1]?.message.body).toEqual({ turnId: 'turn', context: { version: 7, messages } });
  expect(bus.sent.length).toBeGreaterThan(20);
  expect([one.counters.sent, two.counters.received]).toEqual([3, 3]);
});

it('sends a small one whole', async () => {
  const { clock, bus, snapshot, kinds } = await start();
  snapshot(conversation(50_000));
  await clock.settle();
  expect(bus.sent).toHaveLength(1);
  expect(kinds()).toEqual(['context-snapshot']);
});

it('mends what is lost of it', async () => {
  const { clock, bus, snapshot, note, kinds } = await start();
  const lost = new Set<number>();
  bus.passes = ({ message, sequence }) => {
    if (message.kind !== 'part' || sequence % 3 !== 0 || lost.has(sequence)) return true;
    lost.add(sequence);
    return false;
  };
  snapshot(conversation(1_000_000));
  note();
  await clock.advance(30_000);
  expect(kinds()).toEqual(['context-snapshot', 'deactivate']);
  expect(lost.size).toBeGreaterThan(5);
});

it('refuses at its sender what is above 4 MB in all, and carries the next', async () => {
  const { clock, bus, snapshot, note, kinds } = await start();
  expect(() => snapshot(conversation(limits.contextInPartsBytes))).toThrow(
    expect.objectContaining({
      code: 'too-large',
      data: expect.objectContaining({ limit: limits.contextInPartsBytes }),
    }),
  );
  note();
  await clock.settle();
  expect(bus.sent).toHaveLength(1);
  expect(kinds()).toEqual(['deactivate']);
});

it('is refused once for a worker that is not there', async () => {
  const { clock, snapshot, kinds, seen, two } = await start();
  const id = snapshot(conversation(1_000_000), 'stranger');
  await clock.settle();
  expect(kinds()).toEqual(['refused']);
  expect(seen[0]?.message.body).toMatchObject({ messageId: id, code: 'no-such-worker' });
  expect(two.counters.refused).toBe(1);
});

it('is refused when a part of it cannot be read, and the next one is taken', async () => {
  const { clock, bus, snapshot, seen, kinds } = await start();
  bus.passes = ({ message }) => {
    if (message.kind === 'part' && message.body.index === 2)
      Object.assign(message, { kind: 'acknowledge', body: {} });
    return true;
  };
  const id = snapshot(conversation(1_000_000));
  await clock.settle();
  expect(kinds()).toEqual(['refused']);
  expect(seen[0]?.message.body).toMatchObject({ messageId: id, code: 'bad-message' });
  bus.passes = () => true;
  snapshot(conversation(1_000_000));
  await clock.settle();
  expect(kinds()).toEqual(['refused', 'context-snapshot']);
});

describe('parts of somebody who does not keep to it', () => {
  const whole: AnyBusMessage = {
    id: 'whole',
    kind: 'context-snapshot',
    lane: 'ordered',
    channel: 'voicebus',
    sessionId: 'session',
    source: { incarnation: 'one', worker: 'worker' },
    target: { incarnation: 'two', worker: 'worker' },
    wallMs: 0,
    epoch: 0,
    body: { turnId: 'turn', context: { version: 1, messages: conversation(200_000) } },
  };
  type Part = Extract<AnyBusMessage, { kind: 'part' }>;
  const parts = partsOf(whole) as readonly Part[];
  const changed = (part: Part, body: Partial<Part['body']>): Part => ({
    ...part,
    body: { ...part.body, ...body },
  });
  const room = new PartsRoom();
  const take = (all: readonly Part[]): AnyBusMessage | undefined => {
    const assembly = new Assembly('whole', room);
    let last: AnyBusMessage | undefined;
    for (const part of all) last = assembly.add(part);
    return last;
  };

  it('takes nothing for a message whose parts are not one', () => {
    expect(take(parts)).toEqual(whole);
    expect(() => take(parts.slice(1))).toThrow('a part of it is missing');
    expect(() => take(parts.map((part) => changed(part, { kind: 60 })))).toThrow('custom does not');
    expect(() => take(parts.map((part) => changed(part, { kind: 250 })))).toThrow('unknown');
    expect(() => take(parts.map((part) => changed(part, { text: '{' })))).toThrow('not JSON');
    const other = parts.map((part) => changed(part, { text: '{}', index: 0, count: 1 }));
    expect(() => take(other.slice(0, 1))).toThrow('context-snapshot body is invalid');
    expect(room.characters).toBe(0);
  });

  it('holds no more than 4 MB of one, and 64 MB of all, for somebody who never ends', () => {
    const text = 'x'.repeat(200_000);
    const one = parts[0] as Part;
    const endless = (assembly: Assembly, count: number): void => {
      for (let index = 0; index < count; index += 1)
        assembly.add(changed(one, { text, index, count: 1_000 }));
    };
    const held = Array.from({ length: 30 }, () => new Assembly('whole', room));
    endless(held[0] as Assembly, 500);
    expect(room.characters).toBe(0);
    for (const assembly of held.slice(1)) endless(assembly, 20);
    expect(room.characters).toBeGreaterThan(60_000_000);
    expect(room.characters).toBeLessThanOrEqual(16 * limits.contextInPartsBytes);
    for (const assembly of held) assembly.drop();
    expect(room.characters).toBe(0);
  });
});

it('lets go of what it has of one when the session ends', async () => {
  const { clock, bus, two, snapshot, kinds } = await start();
  const sent: Envelope[] = [];
  bus.passes = (envelope) => {
    sent.push(envelope);
    return sent.length < 10;
  };
  snapshot(conversation(1_000_000));
  await clock.settle();
  two.forgetSession('session');
  bus.passes = () => true;
  await clock.advance(30_000);
  expect(kinds()).toEqual([]);
  expect(two.peers('session')).toEqual([]);
});
