import { connect } from 'node:net';
import { Cartesia } from '@cartesia/cartesia-js/client.js';
import type { WebsocketResponse } from '@cartesia/cartesia-js/resources/tts.js';
import { TTSWS } from '@cartesia/cartesia-js/resources/tts/ws.js';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { FakeClock } from '../../../fake-clock.ts';
import { CartesiaStandIn, type CartesiaStandInOptions } from './cartesia-stand-in.ts';

/** What the SDK makes of what comes: the messages are read by it, not by this test. */
class Session {
  readonly events: WebsocketResponse[] = [];
  readonly errors: Error[] = [];
  readonly sdk: TTSWS;
  readonly closed: Promise<{ code: number; reason: string }>;
  #wake: () => void = () => {};

  constructor(standIn: CartesiaStandIn, apiKey = standIn.apiKey) {
    const client = new Cartesia({ apiKey, baseURL: standIn.url });
    const port = Number(new URL(standIn.url).port);
    // The SDK asks for TLS whatever the address says; the stand-in has none.
    this.sdk = new TTSWS(client, { createConnection: () => connect(port, '127.0.0.1') });
    this.sdk.on('event', (event) => {
      this.events.push(event);
      this.#wake();
    });
    this.sdk.on('error', (error) => this.errors.push(error));
    const socket = this.sdk.socket as unknown as WebSocket;
    this.closed = new Promise((resolve) =>
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  /** The types of what came, up to the first of this type. */
  async typesUntil(type: string): Promise<string[]> {
    for (;;) {
      const end = this.events.findIndex((event) => event.type === type);
      if (end >= 0) return this.events.splice(0, end + 1).map((event) => event.type);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

async function open(options: CartesiaStandInOptions = {}, apiKey?: string) {
  const standIn = await CartesiaStandIn.start(options);
  opened.push(standIn);
  const session = new Session(standIn, apiKey);
  return { standIn, session };
}

const request = (transcript: string, more: object = {}) => ({
  model_id: 'sonic-3.5',
  voice: 'voice-1',
  output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 } as const,
  add_timestamps: true,
  max_buffer_delay_ms: 0,
  context_id: 'one',
  transcript,
  ...more,
});

describe('the stand-in speaks the documented messages to the SDK', () => {
  it('chunk, timestamps and done: sound as long as the words say', async () => {
    const { session, standIn } = await open({ msPerCharacter: 40 });
    await session.sdk.connect();
    await session.sdk.send(request('Hello, world of tones. '));
    await session.sdk.send(request('', { continue: false }));
    const events = session.events;
    const words: string[] = [];
    let samples = 0;
    let endS = 0;
    await new Promise<void>((resolve) => session.sdk.on('done', () => resolve()));
    for (const event of events) {
      if (event.type === 'chunk') samples += (event.audio?.byteLength ?? 0) / 2;
      if (event.type === 'timestamps') {
        words.push(...(event.word_timestamps?.words ?? []));
        endS = event.word_timestamps?.end.at(-1) ?? 0;
      }
    }
    expect(words).toEqual(['Hello,', 'world', 'of', 'tones.']);
    expect(samples / 24_000).toBeCloseTo(endS + 0.02, 6);
    expect(events.at(-1)).toMatchObject({ type: 'done', done: true, context_id: 'one' });
    expect(standIn.handshakes[0]).toMatchObject({
      authorization: `Bearer ${standIn.apiKey}`,
      'cartesia-version': '2026-08-14',
    });
    expect(standIn.liveContexts).toBe(0);
  });

  it('flush_done, with an id that counts the flushes', async () => {
    const { session } = await open();
    await session.sdk.connect();
    await session.sdk.send(request('One.', { continue: true }));
    await session.sdk.send(request('', { continue: true, flush: true }));
    await session.sdk.send(request(' Two.', { continue: true }));
    await session.sdk.send(request('', { continue: true, flush: true }));
    await session.sdk.send(request(''));
    const events = session.events;
    await new Promise<void>((resolve) => session.sdk.on('done', () => resolve()));
    const told = events.map(
      (event) => `${event.type} ${'flush_id' in event ? event.flush_id : ''}`,
    );
    expect(told.filter((each, index) => each !== told[index - 1])).toEqual([
      'timestamps 1',
      'chunk 1',
      'flush_done 1',
      'timestamps 2',
      'chunk 2',
      'flush_done 2',
      'done ',
    ]);
  });

  it('buffers text up to the delay that was asked for, or to the end of a sentence', async () => {
    const clock = new FakeClock();
    const { session, standIn } = await open({ clock });
    await session.sdk.connect();
    await session.sdk.send(request('A whole sentence. ', { max_buffer_delay_ms: 500 }));
    await session.typesUntil('done');
    const later = { context_id: 'two', continue: true, max_buffer_delay_ms: 500 };
    await session.sdk.send(request('half of', later));
    await standIn.until(() => standIn.contexts[1]?.requests.length === 1);
    expect(session.events).toEqual([]);
    await clock.advance(500);
    await session.typesUntil('chunk');
  });

  it('cancel halts what has not begun', async () => {
    const { session, standIn } = await open();
    await session.sdk.connect();
    await session.sdk.send(request('This is said. ', { continue: true }));
    await session.sdk.send(request('This is not.', { continue: true }));
    await session.sdk.send({ context_id: 'one', cancel: true });
    await session.typesUntil('done');
    expect(standIn.contexts[0]?.context.isCancelled).toBe(true);
    expect(standIn.liveContexts).toBe(0);
  });

  it('a context is over a second after its last sound', async () => {
    const clock = new FakeClock();
    const { session } = await open({ clock });
    await session.sdk.connect();
    await session.sdk.send(request('Well,', { continue: true }));
    await session.typesUntil('chunk');
    const done = session.typesUntil('done');
    while (clock.pending < 2) await clock.settle();
    await clock.advance(1_000);
    await done;
  });

  it('error: for a transcript of punctuation, an unknown voice, too many contexts, no request at all', async () => {
    const { session } = await open({ unknownVoices: ['nobody'], contextLimit: 1 });
    await session.sdk.connect();
    const error = async () => {
      await new Promise<void>((resolve) => session.sdk.on('error', () => resolve()));
      return session.events.splice(0).find((event) => event.type === 'error');
    };
    let next = error();
    await session.sdk.send(request('!'));
    expect(await next).toMatchObject({ status_code: 400, context_id: 'one', done: true });
    next = error();
    await session.sdk.send(request('Hello', { voice: 'nobody', context_id: 'zero' }));
    expect(await next).toMatchObject({ status_code: 404, error_code: 'voice_not_found' });
    await session.sdk.send(request('Hello', { context_id: 'two', continue: true }));
    next = error();
    await session.sdk.send(request('Hello', { context_id: 'three' }));
    expect(await next).toMatchObject({ status_code: 429, error_code: 'concurrency_limited' });
    next = error();
    (session.sdk.socket as unknown as WebSocket).send('{"what":"is this"}');
    expect(await next).toMatchObject({ status_code: 400 });
  });

  it('refuses a wrong key before there is a WebSocket', async () => {
    const { session } = await open({}, 'sk_car_wrong');
    await expect(session.sdk.connect()).rejects.toMatchObject({
      message: 'Unexpected server response: 401',
    });
  });

  it('closes what is idle with 1000, and what it breaks with 1011', async () => {
    const clock = new FakeClock();
    const { session, standIn } = await open({ clock });
    await session.sdk.connect();
    await standIn.until(() => standIn.connections === 1);
    await clock.advance(300_000);
    expect(await session.closed).toEqual({ code: 1000, reason: 'connection idle timeout' });
    const other = new Session(standIn);
    await other.sdk.connect();
    standIn.failContext('middle', 'close');
    await other.sdk.send(request('Hello there.'));
    expect(await other.closed).toMatchObject({ code: 1011 });
  });
});
