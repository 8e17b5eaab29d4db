import { FakeClock, joinRunner } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { decodeEnvelope, encodeEnvelope } from './codec.ts';
import type { AnyBusMessage, Envelope } from './envelope.ts';
import { LinkReceiver, LinkSender } from './link.ts';
import { LocalBus } from './local-bus.ts';
import { Mailbox, type Delivery } from './mailbox.ts';

const message = (fields: Partial<AnyBusMessage> = {}): AnyBusMessage =>
  ({
    id: 'message-1',
    kind: 'custom',
    lane: 'ordered',
    channel: 'acme',
    sessionId: 'session',
    source: { incarnation: 'a', worker: 'one' },
    target: { incarnation: 'b', worker: 'two' },
    wallMs: 1_767_225_600_000.5,
    epoch: 3,
    traceId: 'trace',
    body: { name: 'note', body: { text: 'grüße 👋', list: [1, null, { __type__: 'Evil' }] } },
    ...fields,
  }) as AnyBusMessage;

describe('the envelope', () => {
  it('survives the wire exactly', () => {
    const envelope: Envelope = { message: message(), sequence: 7, acknowledged: 4 };
    expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual(envelope);
    const { traceId: _, ...rest } = message();
    expect(
      decodeEnvelope(encodeEnvelope({ ...envelope, message: rest })).message,
    ).not.toHaveProperty('traceId');
  });

  it('refuses another version, an unknown kind, a cut and an invalid body', () => {
    const bytes = () => encodeEnvelope({ message: message(), sequence: 1, acknowledged: 0 });
    const change = (offset: number, value: number): Buffer => {
      const changed = bytes();
      changed.writeUInt8(value, offset);
      return changed;
    };
    expect(() => decodeEnvelope(change(0, 9))).toThrow('version');
    expect(() => decodeEnvelope(change(1, 250))).toThrow('unknown');
    expect(() => decodeEnvelope(change(2, 1))).toThrow('custom is not for the urgent lane');
    expect(() => decodeEnvelope(bytes().subarray(0, 40))).toThrow('ends inside');
    expect(() => decodeEnvelope(bytes().subarray(0, 10))).toThrow('shorter');
    const wrong = message({
      kind: 'response-text',
      body: { turnId: 1 },
    } as unknown as Partial<AnyBusMessage>);
    expect(() =>
      decodeEnvelope(encodeEnvelope({ message: wrong, sequence: 1, acknowledged: 0 })),
    ).toThrow('invalid');
    const empty = message({ kind: 'response-text', body: null } as unknown as AnyBusMessage);
    expect(() =>
      decodeEnvelope(encodeEnvelope({ message: empty, sequence: 1, acknowledged: 0 })),
    ).toThrow('invalid');
    const huge = message({ body: { name: 'x', body: 'y'.repeat(300_000) } });
    expect(() => encodeEnvelope({ message: huge, sequence: 1, acknowledged: 0 })).toThrow(
      VoicebusError,
    );
  });

  it('refuses an address that fits into no header', () => {
    const long = message({ sessionId: 'x'.repeat(70_000) });
    expect(() => encodeEnvelope({ message: long, sequence: 1, acknowledged: 0 })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });

  it('does not repeat in an inbox what the place says, nor what the message before said', () => {
    const place = { channel: 'acme', incarnation: 'b' };
    const token = message({
      kind: 'response-text',
      body: { turnId: 'turn-1', messageId: 'message-2', text: ' grüße' },
    });
    const first: Envelope = { message: token, sequence: 7, acknowledged: 4 };
    const second: Envelope = { message: { ...token, id: 'two' }, sequence: 8, acknowledged: 4 };
    const bytes = encodeEnvelope(first, place);
    expect(decodeEnvelope(bytes, { place })).toEqual(first);
    const behind = encodeEnvelope(second, { ...place, before: token });
    expect(behind.length).toBeLessThan(bytes.length);
    expect(decodeEnvelope(behind, { place: { ...place, before: token } })).toEqual(second);
    expect(() => decodeEnvelope(bytes)).toThrow('whom it is for');
    expect(() => decodeEnvelope(behind, { place })).toThrow('no message before');
  });

  it('skips what it cannot read, with its number, where that is asked for', () => {
    const bytes = encodeEnvelope({ message: message(), sequence: 7, acknowledged: 4 });
    bytes.writeUInt8(250, 1);
    const { message: skipped, ...numbers } = decodeEnvelope(bytes, { skipUnreadable: true });
    expect(skipped).toMatchObject({ kind: 'acknowledge', sessionId: 'session', body: {} });
    expect(numbers).toEqual({ sequence: 7, acknowledged: 4 });
    expect(() => decodeEnvelope(bytes.subarray(0, 40), { skipUnreadable: true })).toThrow('ends');
  });

  it('never crashes on garbage', () => {
    let seed = 42;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff);
    for (let round = 0; round < 2_000; round += 1) {
      const bytes = Buffer.from(Array.from({ length: random() % 200 }, () => random() & 0xff));
      if (bytes.length > 2 && round % 2) bytes.set([1, 60], 0);
      expect(() => decodeEnvelope(bytes)).toThrow(VoicebusError);
    }
  });
});

describe('a link', () => {
  it('delivers in order, each once, whatever order they arrive in', () => {
    const sender = new LinkSender();
    const envelopes = Array.from({ length: 5 }, () => sender.wrap(message(), 0, 0));
    const receiver = new LinkReceiver();
    const got = [2, 0, 0, 4, 1, 3, 2].flatMap((index) =>
      receiver.take(envelopes[index] as Envelope),
    );
    expect(got.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(receiver.duplicates).toBe(2);
    sender.acknowledge(receiver.taken);
    expect(sender.unacknowledged).toEqual([]);
  });

  it('is bounded: what nobody takes in is refused, not kept for ever', () => {
    const sender = new LinkSender();
    for (let count = 0; count < 4_096; count += 1) sender.wrap(message(), 0, 0);
    expect(() => sender.wrap(message(), 0, 0)).toThrow('has not taken in');
    sender.acknowledge(10);
    expect(sender.wrap(message(), 0, 0).sequence).toBe(4_097);
  });
});

describe('a mailbox', () => {
  const urgent = (id: string): Delivery => ({
    message: message({ id, lane: 'urgent' }),
    sequence: 1,
  });
  const ordered = (id: string): Delivery => ({ message: message({ id }), sequence: 1 });

  it('lets urgent messages pass a hundred ordered ones, which keep their order', async () => {
    const seen: string[] = [];
    const gate = Promise.withResolvers<void>();
    const mailbox = new Mailbox(
      {
        receive: async ({ message: { id, lane } }) => {
          if (lane === 'ordered') await gate.promise;
          seen.push(id);
        },
      },
      () => {},
    );
    for (let count = 0; count < 100; count += 1) mailbox.put(ordered(`data-${count}`));
    mailbox.put(urgent('cancel'));
    await Promise.resolve();
    expect(seen).toEqual(['cancel']);
    gate.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).toEqual(['cancel', ...Array.from({ length: 100 }, (_, count) => `data-${count}`)]);
  });

  it('goes on after a handler that throws', () => {
    const problems: unknown[] = [];
    const seen: string[] = [];
    const mailbox = new Mailbox(
      {
        receive: ({ message: { id } }) => {
          if (id === 'bad') throw new Error('no');
          seen.push(id);
        },
      },
      (_message, thrown) => problems.push(thrown),
    );
    for (const id of ['one', 'bad', 'two']) mailbox.put(ordered(id));
    expect(seen).toEqual(['one', 'two']);
    expect(problems).toHaveLength(1);
  });

  it('takes nothing above its bound, nor once it is closed', () => {
    const mailbox = new Mailbox({ receive: () => new Promise(() => {}) }, () => {});
    const taken = Array.from({ length: 10_010 }, (_, count) => mailbox.put(ordered(`${count}`)));
    expect(taken.filter(Boolean)).toHaveLength(10_001);
    mailbox.close();
    expect(mailbox.put(ordered('late'))).toBe(false);
  });
});

describe.each(['reference', 'frozen', 'encoded'] as const)(
  'a local bus that hands over %s messages',
  (mode) => {
    async function pair(clock = new FakeClock()) {
      const bus = new LocalBus({ channel: 'acme', mode });
      const member = async (incarnation: string, on: Pick<LocalBus, 'channel'> = bus) => {
        const seen: AnyBusMessage[] = [];
        const runner = await joinRunner({ bus: on as LocalBus, clock, incarnation });
        runner.subscribe('worker', 'session', {
          receive: (delivery) => void seen.push(delivery.message),
        });
        return { runner, seen };
      };
      return { bus, clock, member, one: await member('one'), two: await member('two') };
    }
    const note = (to: string, name: string, sessionId = 'session') =>
      ({
        kind: 'custom',
        sessionId,
        from: 'worker',
        to: { incarnation: to, worker: 'worker' },
        body: { name, body: { n: 1 } },
      }) as const;
    const names = (seen: AnyBusMessage[]) =>
      seen.map((each) => (each.kind === 'custom' ? each.body.name : each.kind));

    it('carries messages in order, also to oneself', async () => {
      const { one, two, clock } = await pair();
      for (const name of ['a', 'b', 'c']) one.runner.send(note('two', name));
      one.runner.send(note('one', 'self'));
      await clock.settle();
      expect(names(two.seen)).toEqual(['a', 'b', 'c']);
      expect(names(one.seen)).toEqual(['self']);
    });

    it('refuses a body that its kind does not have, at the sender', async () => {
      const { one } = await pair();
      const bad = { ...note('two', 'x'), kind: 'response-text' } as unknown as ReturnType<
        typeof note
      >;
      expect(() => one.runner.send(bad)).toThrow('response-text');
    });

    it('answers a message for nobody with a refusal, once', async () => {
      const { one, two, clock } = await pair();
      one.runner.send({ ...note('two', 'x'), to: { incarnation: 'two', worker: 'stranger' } });
      await clock.settle();
      expect(names(one.seen)).toEqual(['refused']);
      expect(two.runner.counters.refused).toBe(1);
    });

    it('outlives somebody who asks for nobody and takes no refusal in', async () => {
      const { bus, two, clock } = await pair();
      const silent = await bus.join({
        incarnation: 'silent',
        receive: () => {},
        onRecord: () => {},
        onLeft: () => {},
        onLink: () => {},
      });
      const asked = message({
        source: { incarnation: 'silent', worker: 'one' },
        target: { incarnation: 'two', worker: 'stranger' },
      });
      for (let sequence = 1; sequence <= 4_200; sequence += 1)
        silent.send({ message: asked, sequence, acknowledged: 0 });
      await clock.settle();
      expect(two.runner.counters).toMatchObject({ refused: 4_200, dropped: 4_200 - 4_096 });
    });

    it('keeps a slow subscriber from delaying another', async () => {
      const { one, two, clock } = await pair();
      const seen: string[] = [];
      two.runner.subscribe('slow', 'session', { receive: () => new Promise(() => {}) });
      two.runner.subscribe('fast', 'session', {
        receive: ({ message: each }) => void seen.push(each.id),
      });
      for (const worker of ['slow', 'slow', 'fast']) {
        one.runner.send({ ...note('two', 'x'), to: { incarnation: 'two', worker } });
      }
      await clock.settle();
      expect(seen).toHaveLength(1);
    });

    it('acknowledges alone after a while, so that the sender keeps nothing', async () => {
      const { one, clock } = await pair();
      for (let count = 0; count < 4_000; count += 1) one.runner.send(note('two', 'x'));
      await clock.advance(200);
      for (let count = 0; count < 4_000; count += 1) one.runner.send(note('two', 'x'));
      expect(one.runner.orderedSequence('two', 'session')).toBe(8_000);
    });

    it('drops what still comes for a session that is over', async () => {
      const { one, two, clock } = await pair();
      two.runner.forgetSession('session');
      one.runner.send(note('two', 'late'));
      await clock.settle();
      expect(two.seen).toEqual([]);
      expect(two.runner.counters.dropped).toBe(1);
    });

    it('is deaf to other channels, also those whose name begins the same', async () => {
      const { bus, member, clock, two } = await pair();
      const foreign = await member('three', new LocalBus({ channel: 'acme_eu', mode }));
      expect(bus.channel).toBe('acme');
      foreign.runner.send(note('two', 'hello'));
      await clock.settle();
      expect(two.seen).toEqual([]);
    });
  },
);
