import { type Bus, type BusMembership, type JoinOptions } from '@voicebus/core';
import { expect, it } from 'vitest';
import type { BusUnderTest } from './bus-under-test.ts';
import { numbers, Peer } from './peer.ts';

/** Sends every message twice, and counts them. */
class StutteringBus implements Bus {
  readonly channel: string;
  readonly #bus: Bus;
  sent = 0;

  constructor(bus: Bus) {
    this.#bus = bus;
    this.channel = bus.channel;
  }

  async join(options: JoinOptions): Promise<BusMembership> {
    const membership = await this.#bus.join(options);
    return new Proxy(membership, {
      get: (target, name) => {
        if (name !== 'send') {
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        }
        return (envelope: Parameters<BusMembership['send']>[0]) => {
          this.sent += 1;
          target.send(envelope);
          target.send(envelope);
        };
      },
    });
  }
}

/** Messages between two processes of one session. */
export function describeSessionPlane(under: () => BusUnderTest, channel: () => string): void {
  const pair = async (): Promise<AsyncDisposable & { readonly one: Peer; readonly two: Peer }> => {
    const one = await Peer.join(under().connect(channel()));
    const two = await Peer.join(under().connect(channel()));
    return {
      one,
      two,
      async [Symbol.asyncDispose]() {
        await one[Symbol.asyncDispose]();
        await two[Symbol.asyncDispose]();
      },
    };
  };

  it('carries both lanes both ways, each in its order and each message once', async () => {
    await using both = await pair();
    const { one, two } = both;
    for (const name of numbers(1_000)) {
      one.say(two, name);
      two.say(one, name);
      if (Number(name) % 10 === 0) one.call(two, name);
    }
    await two.seen.until((seen) => seen.length === 1_100, 'everything at two');
    await one.seen.until((seen) => seen.length === 1_000, 'everything at one');
    expect(two.said).toEqual(numbers(1_000));
    expect(one.said).toEqual(numbers(1_000));
    expect(two.called).toEqual(numbers(100).map((name) => `${Number(name) * 10}`));
  });

  it('lets a cancel pass a hundred queued messages, which keep their order', async () => {
    await using both = await pair();
    const { one, two } = both;
    const gate = Promise.withResolvers<void>();
    two.handle = (message) => (message.lane === 'ordered' ? gate.promise : undefined);
    for (const name of numbers(100)) one.say(two, name);
    one.call(two, 'cancel');
    await two.seen.until((seen) => seen.length === 1, 'the cancel');
    expect(two.called).toEqual(['cancel']);
    gate.resolve();
    await two.seen.until((seen) => seen.length === 101, 'the rest');
    expect(two.said).toEqual(numbers(100));
  });

  it('takes a message once that comes twice', async () => {
    const stuttering = new StutteringBus(under().connect(channel()));
    await using one = await Peer.join(stuttering);
    await using two = await Peer.join(under().connect(channel()));
    for (const name of numbers(50)) one.say(two, name);
    one.say(two, 'last');
    await two.seen.until((seen) => seen.length >= 51, 'the last one');
    // Whatever the second copy of the last one does, it does before this.
    two.say(two, 'own');
    await two.seen.until((seen) => seen.length >= 52, 'its own');
    expect(two.said).toEqual([...numbers(50), 'last', 'own']);
  });

  it('carries data as it is: every character, look-alikes of ours, unset and large', async () => {
    await using both = await pair();
    const { one, two } = both;
    const body = {
      characters: String.fromCharCode(...Array.from({ length: 256 }, (_, code) => code)),
      text: 'grüße 👋',
      lookAlike: { __type__: 'Frame', __proto: null, constructor: 'x' },
      list: [null, 0, -1.5, '', [], {}],
      large: 'x'.repeat(200_000),
    };
    one.say(two, 'data', body);
    await two.seen.until((seen) => seen.length === 1, 'the data');
    const [message] = two.seen.items;
    expect(message).toMatchObject({ kind: 'custom', body: { name: 'data', body } });
    expect(message).not.toHaveProperty('traceId');
  });

  it('carries a conversation of 1 MB whole and in its place, and lets a cancel pass it', async () => {
    await using both = await pair();
    const { one, two } = both;
    const messages = Array.from({ length: 100 }, (_, index) => ({
      id: `message-${index}`,
      role: 'user' as const,
      content: `${index}: ${'grüße "👋" '.repeat(1_000)}`,
    }));
    one.say(two, 'before');
    one.tell(two, messages);
    one.say(two, 'after');
    one.call(two, 'cancel');
    await two.seen.until((seen) => seen.length === 4, 'everything');
    expect(two.said).toEqual(['before', 'after']);
    expect(two.called).toEqual(['cancel']);
    const ordered = two.seen.items.filter(({ lane }) => lane === 'ordered');
    expect(ordered.map(({ kind }) => kind)).toEqual(['custom', 'context-snapshot', 'custom']);
    expect(ordered[1]?.body).toEqual({ turnId: 'turn', context: { version: 100, messages } });
  });

  it('makes a fast writer pause, who loses and repeats nothing by it', async () => {
    await using both = await pair();
    const { one, two } = both;
    const words = numbers(3_000);
    for (const word of words) {
      const drained = one.write(two, word);
      if (drained) await drained;
    }
    await two.seen.until((seen) => seen.length === words.length, 'every word');
    const written = two.seen.items.map(({ kind, body }) => [kind, 'text' in body ? body.text : '']);
    expect(written).toEqual(words.map((word) => ['response-text', word]));
    // 64 KB of text, with its addresses, are some 480 words.
    expect(one.bus.counters.paused).toBeGreaterThan(2);
  });

  it('refuses at its sender what has no such form, and carries the next', async () => {
    await using both = await pair();
    const { one, two } = both;
    expect(() => one.say(two, 5 as unknown as string)).toThrow(
      expect.objectContaining({ code: 'bad-message' }),
    );
    one.say(two, 'next');
    await two.seen.until((seen) => seen.length === 1, 'the next one');
    expect(two.said).toEqual(['next']);
  });

  it('keeps what is for its own process in it', async () => {
    const counting = new StutteringBus(under().connect(channel()));
    await using one = await Peer.join(counting);
    for (const name of numbers(20)) one.say(one, name);
    await one.seen.until((seen) => seen.length === 20, 'its own messages');
    expect(one.said).toEqual(numbers(20));
    expect(counting.sent).toBe(0);
  });

  it('is deaf to other channels, also those whose name begins the same', async () => {
    await using both = await pair();
    const { one, two } = both;
    await using foreign = await Peer.join(under().connect(`${channel()}_eu`));
    for (const name of numbers(20)) foreign.say(two, name);
    one.say(two, 'ours');
    await two.seen.until((seen) => seen.length === 1, 'ours');
    await using guest = await Peer.join(under().connect(`${channel()}_eu`));
    foreign.say(guest, 'theirs');
    await guest.seen.until((seen) => seen.length === 1, 'theirs');
    expect(two.said).toEqual(['ours']);
    expect(two.bus.counters.received).toBe(1);
  });

  it('keeps a slow worker from delaying another, and loses nothing of what waits for it', async () => {
    await using both = await pair();
    const { one, two } = both;
    const gate = Promise.withResolvers<void>();
    const fast: string[] = [];
    const heard = Promise.withResolvers<void>();
    two.handle = () => gate.promise;
    two.bus.subscribe('fast', 'session', {
      receive: ({ message }) => {
        if (fast.push(message.id) === 200) heard.resolve();
      },
    });
    const { incarnation } = two.bus;
    for (const name of numbers(200)) {
      one.say(two, name);
      one.bus.send({
        kind: 'custom',
        sessionId: 'session',
        from: 'worker',
        to: { incarnation, worker: 'fast' },
        body: { name, body: null },
      });
    }
    await heard.promise;
    expect(two.said).toEqual([]);
    gate.resolve();
    await two.seen.until((seen) => seen.length === 200, 'what had waited');
    expect(two.said).toEqual(numbers(200));
  });
}
