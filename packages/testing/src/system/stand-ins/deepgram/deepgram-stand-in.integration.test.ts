import { DeepgramClient, type Deepgram } from '@deepgram/sdk';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeWords, silence } from '../../../spoken-words.ts';
import { DeepgramStandIn, type DeepgramStandInOptions } from './deepgram-stand-in.ts';

type FluxMessage =
  | Deepgram.listen.ListenV2Connected
  | Deepgram.listen.ListenV2TurnInfo
  | Deepgram.listen.ListenV2ConfigureSuccess
  | Deepgram.listen.ListenV2FatalError;
type NovaMessage =
  | Deepgram.listen.ListenV1Results
  | Deepgram.listen.ListenV1Metadata
  | Deepgram.listen.ListenV1SpeechStarted
  | Deepgram.listen.ListenV1UtteranceEnd;

let standIn: DeepgramStandIn;
const closers: (() => void)[] = [];

const begin = async (options: DeepgramStandInOptions = {}): Promise<void> => {
  standIn = await DeepgramStandIn.start(options);
};
beforeEach(() => {
  closers.length = 0;
});
afterEach(async () => {
  for (const close of closers) close();
  await standIn[Symbol.asyncDispose]();
});

const client = (key = standIn.key): DeepgramClient =>
  new DeepgramClient({ apiKey: key, baseUrl: standIn.url.replace('http', 'ws') });
const sound = { encoding: 'linear16', sample_rate: 16_000, reconnectAttempts: 0 } as const;

/** Messages as they come, and a wait for the first one of a kind. */
function inbox<Message extends { readonly type: string }>() {
  const messages: (Message | string)[] = [];
  const waiting = new Set<() => void>();
  let closed: number | undefined;
  const changed = (): void => waiting.forEach((check) => check());
  return {
    messages,
    take: (message: Message | string) => {
      messages.push(message);
      changed();
    },
    closedWith: (code: number) => {
      closed ??= code;
      changed();
    },
    until: <T extends Message>(is: (message: Message) => message is T): Promise<T> =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = messages.find(
            (message): message is T => typeof message !== 'string' && is(message),
          );
          if (found !== undefined) resolve(found);
        };
        waiting.add(check);
        check();
      }),
    untilClosed: (): Promise<number> =>
      new Promise((resolve) => {
        const check = (): void => {
          if (closed !== undefined) resolve(closed);
        };
        waiting.add(check);
        check();
      }),
  };
}

async function flux(query: object = {}) {
  const socket = await client().listen.v2.connect({ model: 'flux-general-en', ...sound, ...query });
  const box = inbox<FluxMessage>();
  socket.on('message', (message) => box.take(message as FluxMessage));
  socket.on('close', ({ code }) => box.closedWith(code));
  closers.push(() => socket.close());
  socket.connect();
  await socket.waitForOpen();
  const event = (name: string) =>
    box.until(
      (message): message is Deepgram.listen.ListenV2TurnInfo =>
        message.type === 'TurnInfo' && message.event === name,
    );
  return { socket, box, event };
}

async function nova(query: object = {}) {
  const socket = await client().listen.v1.connect({ model: 'nova-3', ...sound, ...query });
  const box = inbox<NovaMessage>();
  socket.on('message', (message) => box.take(message));
  socket.on('close', ({ code }) => box.closedWith(code));
  closers.push(() => socket.close());
  socket.connect();
  await socket.waitForOpen();
  const results = (is: (message: Deepgram.listen.ListenV1Results) => boolean) =>
    box.until(
      (message): message is Deepgram.listen.ListenV1Results =>
        message.type === 'Results' && is(message),
    );
  return { socket, box, results };
}
const textOf = (message: Deepgram.listen.ListenV1Results): string =>
  message.channel.alternatives[0]?.transcript ?? '';

describe('Flux', () => {
  test('a turn starts, ends eagerly, goes on, and ends when the model is sure', async () => {
    await begin();
    const { socket, box, event } = await flux({ eager_eot_threshold: 0.4 });
    socket.sendMedia(encodeWords('where is'));
    socket.sendMedia(silence(200));
    expect(await event('EagerEndOfTurn')).toMatchObject({ transcript: 'where is' });
    socket.sendMedia(encodeWords('my order'));
    expect(await event('TurnResumed')).toBeDefined();
    socket.sendMedia(silence(400));
    const end = await event('EndOfTurn');
    expect(end).toMatchObject({
      turn_index: 0,
      transcript: 'where is my order',
      trigger: 'model',
      audio_window_start: 0,
    });
    expect(end.words.map(({ word }) => word)).toEqual(['where', 'is', 'my', 'order']);
    expect(end.words[2]).toMatchObject({ start: 0.6, end: 0.8 });
    expect(box.messages[0]).toMatchObject({ type: 'Connected', sequence_id: 0 });
    const sequence = box.messages.map((message) =>
      typeof message === 'string' || !('sequence_id' in message) ? -1 : message.sequence_id,
    );
    expect(sequence).toEqual(sequence.map((_, index) => index));
    expect(
      box.messages.filter((message) => JSON.stringify(message).includes('Update')),
    ).not.toEqual([]);
  });

  test('a turn is ended by force; without one that is ignored', async () => {
    await begin();
    const { socket, event } = await flux({ eot_threshold: 1 });
    socket.sendForceEndTurn({ type: 'ForceEndTurn' });
    socket.sendMedia(encodeWords('hello and'));
    socket.sendForceEndTurn({ type: 'ForceEndTurn' });
    expect(await event('EndOfTurn')).toMatchObject({ trigger: 'manual', transcript: 'hello and' });
  });

  test('a turn that the model is not sure of ends after its time', async () => {
    await begin();
    const { socket, event } = await flux({ eot_timeout_ms: 500 });
    socket.sendMedia(encodeWords('and'));
    socket.sendMedia(silence(600));
    expect(await event('EndOfTurn')).toMatchObject({ trigger: 'timeout' });
  });

  test('settings change, and the end is asked for', async () => {
    await begin();
    const { socket, box, event } = await flux({ keyterm: ['lamp', 'shoes'] });
    socket.sendConfigure({ type: 'Configure', thresholds: { eot_threshold: 0.8 } });
    expect(
      await box.until(
        (message): message is Deepgram.listen.ListenV2ConfigureSuccess =>
          message.type === 'ConfigureSuccess',
      ),
    ).toMatchObject({ keyterms: ['lamp', 'shoes'] });
    socket.sendMedia(encodeWords('bye'));
    socket.sendCloseStream({ type: 'CloseStream' });
    expect(await event('EndOfTurn')).toMatchObject({ transcript: 'bye' });
    expect(await box.untilClosed()).toBe(1000);
  });

  test('a deployment that cannot end turns by force says so, and closes', async () => {
    await begin({ canForceEndTurn: false });
    const { socket, box } = await flux();
    socket.sendForceEndTurn({ type: 'ForceEndTurn' });
    expect(await box.untilClosed()).toBe(1008);
    expect(box.messages.at(-1)).toMatchObject({ type: 'Error', code: 'UNPARSABLE_CLIENT_MESSAGE' });
  });
});

describe('Nova', () => {
  test('interim results, final ones, and the end of speech', async () => {
    await begin();
    const { socket, box, results } = await nova({
      interim_results: 'true',
      endpointing: 300,
      vad_events: 'true',
      utterance_end_ms: 1000,
    });
    socket.sendMedia(encodeWords('Where is my order?'));
    expect(textOf(await results(({ is_final }) => is_final === false))).toBe('Where');
    socket.sendMedia(silence(1_200));
    const final = await results(({ speech_final }) => speech_final === true);
    expect(final).toMatchObject({ is_final: true, start: 0, from_finalize: false });
    expect(textOf(final)).toBe('Where is my order?');
    expect(final.channel.alternatives[0]?.words[0]).toMatchObject({
      word: 'where',
      punctuated_word: 'Where',
      start: 0,
      end: 0.2,
    });
    await box.until(
      (message): message is Deepgram.listen.ListenV1SpeechStarted =>
        message.type === 'SpeechStarted',
    );
    expect(
      await box.until(
        (message): message is Deepgram.listen.ListenV1UtteranceEnd =>
          message.type === 'UtteranceEnd',
      ),
    ).toMatchObject({ last_word_end: 0.8 });
  });

  test('a result is asked for; the stream ends with its metadata', async () => {
    await begin();
    const { socket, box, results } = await nova({ endpointing: 'false' });
    socket.sendKeepAlive({ type: 'KeepAlive' });
    socket.sendMedia(encodeWords('yes please'));
    socket.sendFinalize({ type: 'Finalize' });
    expect(textOf(await results(({ from_finalize }) => from_finalize === true))).toBe('yes please');
    socket.sendCloseStream({ type: 'CloseStream' });
    expect(await box.untilClosed()).toBe(1000);
    expect(box.messages.at(-1)).toMatchObject({ type: 'Metadata', duration: 0.4, channels: 1 });
    expect(standIn.connections[0]?.told).toEqual(['KeepAlive', 'Finalize', 'CloseStream']);
  });

  test('who sends nothing is told so', async () => {
    await begin({ idleMs: 30 });
    const { box } = await nova();
    expect(await box.untilClosed()).toBe(1011);
  });
});

describe('faults', () => {
  test('a wrong key and a model of the other path do not get in', async () => {
    await begin();
    const errors: string[] = [];
    const refused = async (key: string, model: string): Promise<void> => {
      const socket = await client(key).listen.v2.connect({ model, ...sound });
      socket.on('error', (error) => errors.push(error.message));
      closers.push(() => socket.close());
      await socket
        .connect()
        .waitForOpen()
        .catch(() => {});
    };
    await refused('another', 'flux-general-en');
    await refused(standIn.key, 'nova-3');
    expect(errors).toEqual(['Unexpected server response: 401', 'Unexpected server response: 400']);
  });

  test.each([
    ['cut', 1006],
    [{ close: 1011, reason: 'NET-0000' }, 1011],
    [{ error: 'INTERNAL_SERVER_ERROR', description: 'broken' }, 1011],
  ] as const)('%j comes instead of the second word', async (what, code) => {
    await begin();
    standIn.faults.push({ when: { words: 2 }, what });
    const { socket, box } = await flux();
    socket.sendMedia(encodeWords('one two three four'));
    expect(await box.untilClosed()).toBe(code);
    expect(JSON.stringify(box.messages)).toContain('"one"');
    expect(JSON.stringify(box.messages)).not.toContain('"two"');
  });

  test.each(['garbage', 'half-json'] as const)('%s, and on it goes', async (what) => {
    await begin();
    standIn.faults.push({ when: 'open', what });
    const { socket, box, event } = await flux();
    socket.sendMedia(encodeWords('hello'));
    socket.sendForceEndTurn({ type: 'ForceEndTurn' });
    await event('EndOfTurn');
    expect(box.messages.some((message) => typeof message === 'string')).toBe(true);
  });

  test('late is later than in time', async () => {
    await begin();
    standIn.faults.push({ when: 'end', what: { lateMs: 30 } });
    const { socket, event } = await flux();
    socket.sendMedia(encodeWords('hello'));
    socket.sendForceEndTurn({ type: 'ForceEndTurn' });
    socket.sendForceEndTurn({ type: 'ForceEndTurn' });
    const startedMs = performance.now();
    socket.sendMedia(encodeWords('again'));
    socket.sendMedia(silence(500));
    await event('EndOfTurn');
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(25);
  });
});

test('what is said can be written down beforehand, for real voices', async () => {
  const texts = ['good morning', 'and good night'];
  await begin({ texts: () => texts.shift() ?? '' });
  const { socket, event, box } = await flux();
  socket.sendMedia(new Int16Array(16_000).fill(4_000));
  socket.sendMedia(silence(800));
  expect(await event('EndOfTurn')).toMatchObject({ transcript: 'good morning', turn_index: 0 });
  socket.sendMedia(new Int16Array(16_000).fill(4_000));
  socket.sendMedia(silence(800));
  await box.until(
    (message): message is Deepgram.listen.ListenV2TurnInfo =>
      message.type === 'TurnInfo' && message.event === 'EndOfTurn' && message.turn_index === 1,
  );
});
