import { encodeWords, FakeClock, silence } from '@voicebus/testing';
import { Caller } from '@voicebus/testing/speech-to-text-conformance';
import { DeepgramStandIn, type DeepgramStandInOptions } from '@voicebus/testing/stand-ins/deepgram';
import { afterEach, describe, expect, test } from 'vitest';
import { DeepgramSpeechToText, type DeepgramOptions } from './deepgram.ts';

const limitMs = 10_000;
let standIn: DeepgramStandIn;
let deepgram: DeepgramSpeechToText;
afterEach(async () => {
  await deepgram[Symbol.asyncDispose]();
  await standIn[Symbol.asyncDispose]();
});

async function call(
  options: Partial<DeepgramOptions> = {},
  standInOptions: DeepgramStandInOptions = {},
): Promise<Caller> {
  standIn = await DeepgramStandIn.start(standInOptions);
  deepgram = new DeepgramSpeechToText({
    apiKey: standIn.key,
    baseUrl: standIn.url,
    finalTimeoutMs: 5_000,
    ...options,
  });
  return Caller.call(deepgram, limitMs);
}
const said = (caller: Caller, id: string): string[] =>
  caller.of(id).flatMap(({ type, text }) => (type === 'interim' ? [] : [`${type}: ${text}`]));
const until = (caller: Caller, id: string, type: string): Promise<void> =>
  caller.until(() => caller.of(id).some((result) => result.type === type), `${type} of ${id}`);

describe('Flux', () => {
  test('says when a turn starts, may be over, goes on, and is over', async () => {
    const caller = await call();
    caller.stream.startUtterance('u1');
    caller.write(encodeWords('where is'));
    caller.write(silence(240));
    await until(caller, 'u1', 'eager-end');
    caller.write(encodeWords('my order'));
    caller.write(silence(480));
    await until(caller, 'u1', 'end-of-turn');
    // Its last word on this turn is there already: the final waits for nothing.
    caller.stream.endUtterance('u1');
    expect(said(caller, 'u1')).toEqual([
      'turn-started: where',
      'eager-end: where is',
      'turn-resumed: where is my',
      'eager-end: where is my order',
      'end-of-turn: where is my order',
      'final: where is my order',
    ]);
    expect(standIn.connections[0]?.told).toEqual([]);
  });

  test('is not waited for where it has said itself that the turn is over', async () => {
    const caller = await call();
    standIn.faults.push({ when: 'open', what: { lateMs: 30 } });
    const order: string[] = [];
    const over = Promise.withResolvers<void>();
    const stream = await deepgram.open({
      sessionId: 'late',
      onResult: ({ type, utteranceId }) => {
        order.push(type);
        if (type === 'end-of-turn') stream.endUtterance(utteranceId);
        if (type === 'final') over.resolve();
      },
      onError: over.reject,
      signal: new AbortController().signal,
    });
    stream.startUtterance('u1');
    // What it says is late: by then half a second more of sound is on its way.
    stream.write(encodeWords('where is my order'));
    stream.write(silence(1_000));
    await over.promise;
    expect(order.slice(-2)).toEqual(['end-of-turn', 'final']);
    expect(standIn.connections[1]?.told).toEqual([]);
    caller.hangUp();
  });

  test('hears two turns in one utterance of ours, and gives both', async () => {
    const caller = await call();
    caller.stream.startUtterance('u1');
    caller.write(encodeWords('good morning'));
    caller.write(silence(480));
    await until(caller, 'u1', 'end-of-turn');
    caller.write(encodeWords('where is my order'));
    caller.write(silence(80));
    const turns = (): string[] =>
      said(caller, 'u1').filter((line) => line.startsWith('turn-started'));
    await caller.until(() => turns().length === 2, 'the second turn');
    caller.stream.endUtterance('u1');
    expect((await caller.final('u1')).text).toBe('good morning where is my order');
  });

  test('hears what nobody says to us, and keeps it to itself', async () => {
    const caller = await call();
    caller.write(encodeWords('this is the bot'));
    caller.write(silence(1_000));
    caller.write(encodeWords('and this too'));
    caller.write(silence(400));
    caller.say('u1', encodeWords('hello'));
    expect((await caller.final('u1')).text).toBe('hello');
    expect(
      caller.items.every((item) => !(item instanceof Error) && item.utteranceId === 'u1'),
    ).toBe(true);
  });

  test('that cannot be asked for an end is asked once, and not again', async () => {
    const caller = await call({}, { canForceEndTurn: false });
    for (const id of ['u1', 'u2']) {
      caller.say(id, encodeWords('where is my order'));
      expect((await caller.final(id)).text).toBe('where is my order');
    }
    const told = standIn.connections.flatMap((connection) => connection.told);
    expect(told.filter((type) => type === 'ForceEndTurn')).toHaveLength(1);
  });

  test('is asked for what makes conversations quick', async () => {
    await call({ keyterms: ['Voicebus', 'desk lamp'] });
    const query = standIn.connections[0]?.query;
    expect(Object.fromEntries(query ?? [])).toMatchObject({
      model: 'flux-general-en',
      encoding: 'linear16',
      sample_rate: '16000',
      eager_eot_threshold: '0.5',
      eot_threshold: '0.7',
    });
    expect(query?.getAll('keyterm')).toEqual(['Voicebus', 'desk lamp']);
  });
});

describe('Nova', () => {
  test('is asked for the end of each utterance, and judges no turns', async () => {
    const caller = await call({ model: 'nova-3', language: 'en-GB' });
    caller.say('u1', encodeWords('Where is my order?'));
    expect(await caller.final('u1')).toMatchObject({
      text: 'Where is my order?',
      confidence: 0.95,
      words: [
        { text: 'Where', startMs: 0, endMs: 200 },
        { text: 'is', startMs: 200, endMs: 400 },
        { text: 'my', startMs: 400, endMs: 600 },
        { text: 'order?', startMs: 600, endMs: 800 },
      ],
    });
    expect(said(caller, 'u1')).toEqual(['final: Where is my order?']);
    expect(Object.fromEntries(standIn.connections[0]?.query ?? [])).toMatchObject({
      model: 'nova-3',
      language: 'en-GB',
      interim_results: 'true',
      smart_format: 'true',
    });
  });
});

describe.each(['flux-general-en', 'nova-3'])('%s', (model) => {
  test('is kept open while the microphone is closed', async () => {
    const clock = new FakeClock();
    const caller = await call({ model, clock });
    const [connection] = standIn.connections;
    const signs = (): number =>
      (connection?.pings ?? 0) +
      (connection?.told.filter((type) => type === 'KeepAlive').length ?? 0);
    await clock.advance(30_000);
    // They are on their way: what is asked for after them is answered after them.
    caller.say('u1', encodeWords('hello'));
    await caller.until(() => caller.of('u1').length > 0, 'a word');
    expect(signs()).toBe(6);
  });

  test('drops the oldest sound when it cannot be sent, and still knows when words were said', async () => {
    const caller = await call({ model });
    // Eight minutes at once are more than the system's buffers take on the way.
    for (let minute = 0; minute < 8; minute += 1) caller.write(silence(60_000));
    caller.say('u1', encodeWords('where is my order'));
    const { text, words = [] } = await caller.final('u1');
    expect(text).toBe('where is my order');
    expect(words[0]).toMatchObject({ startMs: 0, endMs: 200 });
    expect(deepgram.counts.droppedMs).toBeGreaterThan(30_000);
    expect(deepgram.counts.droppedMs).toBeLessThan(480_000);
  });

  test('says good-bye when the call is over', async () => {
    const caller = await call({ model });
    caller.hangUp();
    await expect.poll(() => standIn.connections[0]?.told).toEqual(['CloseStream']);
    await expect.poll(() => standIn.openConnections).toBe(0);
  });

  test('leaves nothing behind over 300 turns', async () => {
    const clock = new FakeClock();
    const caller = await call({ model, clock });
    const words = encodeWords('yes please');
    for (let turn = 0; turn < 300; turn += 1) {
      caller.say(`u${turn}`, words);
      expect((await caller.final(`u${turn}`)).text).toBe('yes please');
      // What watches over the connection, and nothing of the turn.
      expect(clock.pending).toBe(1);
    }
    expect(standIn.connections).toHaveLength(1);
    caller.hangUp();
    expect(clock.pending).toBe(0);
  });
});
