import type { CartesiaStandInOptions } from '@voicebus/testing/stand-ins/cartesia';
import { afterEach, describe, expect, it } from 'vitest';
import { cartesiaVoiceIds, type CartesiaVoicesOptions } from './cartesia-voices.ts';
import { pieces, WrittenText } from '../test-speech/spoken.ts';
import { VoicesUnderTest } from './test-voices.ts';

let under: VoicesUnderTest | undefined;
afterEach(async () => {
  await under?.[Symbol.asyncDispose]();
  // No deadline, no reconnect is left behind.
  expect(under?.clock.pending ?? 0).toBe(0);
  under = undefined;
});

async function open(service?: CartesiaStandInOptions, options?: Partial<CartesiaVoicesOptions>) {
  under = await VoicesUnderTest.open(service, options);
  return under;
}

const text = 'Hello there, you! Your "order" 4271 — the lamp — costs $12.50.';
const words = ['Hello ', 'there, ', 'you! ', 'Your "', 'order" ', '4271 — ', 'the '];
const allWords = [...words, 'lamp — ', 'costs $', '12.50.'];

describe('words', () => {
  it('have a mark each, exactly behind their sound, in characters of the text', async () => {
    const it = await open({ msPerCharacter: 40 });
    const spoken = it.speak(pieces(text.slice(0, 9), text.slice(9)));
    expect(await spoken.ended).toBeNull();
    expect(spoken.cutsOf(text)).toEqual(allWords);
    // "Hello" sounds for 5 × 40 ms; a gap of 20 ms follows each word.
    expect(spoken.marks.slice(0, 2).map(({ atMs }) => atMs)).toEqual([200, 220 + 240]);
    expect(spoken.parts[0]).toMatchObject({ type: 'audio', sampleRateHz: 24_000 });
  });

  it.each([
    ['come after their sound', { timesComeFirst: false }],
    ['are timed anew after each flush', { timesRestartAtFlush: true }],
  ])('that %s are found all the same', async (_, service) => {
    const it = await open(service);
    const spoken = it.speak(text);
    await spoken.ended;
    expect(spoken.cutsOf(text)).toEqual(allWords);
    const ends = spoken.marks.map(({ atMs }) => atMs);
    expect(ends).toEqual(ends.toSorted((one, other) => one - other));
  });

  it('stand in the same places whether a flush starts their clock anew or not', async () => {
    const marks = [];
    for (const timesRestartAtFlush of [false, true]) {
      const it = await VoicesUnderTest.open({ timesRestartAtFlush });
      const spoken = it.speak('One two. Three four. Five six.');
      await spoken.ended;
      marks.push(spoken.marks);
      await it[Symbol.asyncDispose]();
    }
    expect(marks[0]).toEqual(marks[1]);
  });

  it('that the service does not time are marked by sentence', async () => {
    const it = await open({ givesTimes: false });
    const spoken = it.speak('One two. Three, four and five.');
    await spoken.ended;
    expect(spoken.cutsOf('One two. Three, four and five.')).toEqual([
      'One two. ',
      'Three, four and five.',
    ]);
  });

  it('may be missing: a text without any is silence', async () => {
    const it = await open();
    const spoken = it.speak('😀 … !');
    expect(await spoken.ended).toBeNull();
    expect(spoken.parts).toEqual([{ type: 'mark', characters: 6 }]);
    expect(it.standIn.contexts).toEqual([]);
  });
});

describe('a message', () => {
  it('is spoken while it is written: clauses of one context, flushed at the ends of sentences', async () => {
    const it = await open();
    const written = new WrittenText();
    const spoken = it.speak(written);
    written.write('Thank you for calling, how can');
    await spoken.until(({ parts }) => parts.length > 0);
    written.write(' I help? I know orders.');
    written.finish();
    expect(await spoken.ended).toBeNull();
    expect(it.standIn.contexts).toHaveLength(1);
    const requests = it.standIn.contexts[0]?.requests ?? [];
    expect(
      requests.map((request) =>
        'cancel' in request
          ? 'cancel'
          : [request.transcript, request.flush === true ? 'flush' : request.continue],
      ),
    ).toEqual([
      ['Thank you for calling, ', true],
      ['how can I help? ', true],
      ['', 'flush'],
      ['I know orders.', true],
      ['', 'flush'],
      ['', false],
    ]);
    expect(requests[0]).toMatchObject({
      model_id: 'sonic-3.5',
      language: 'en',
      output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 },
      max_buffer_delay_ms: 0,
      add_timestamps: true,
      use_normalized_timestamps: false,
    });
  });

  it('is spoken by the voice of its name, or by the one that the settings give it', async () => {
    const it = await open({}, { voices: { deep: 'a-voice-of-ours' } });
    await it.speak('Hello.', 'bright').ended;
    await it.speak('Hello.', 'deep').ended;
    expect(it.standIn.contexts.map(({ voiceId }) => voiceId)).toEqual([
      cartesiaVoiceIds.bright,
      'a-voice-of-ours',
    ]);
    expect(await it.speak('Hello.', 'nobody').ended).toMatchObject({ code: 'invalid-arguments' });
  });

  it('that is stopped ends at once, also while its text hangs, and is cancelled at the service', async () => {
    const it = await open();
    const written = new WrittenText();
    const spoken = it.speak(written);
    written.write('I will tell you everything. And then');
    await spoken.until(({ parts }) => parts.length > 0);
    spoken.stop();
    const parts = spoken.parts.length;
    expect(await spoken.ended).toBeNull();
    // One may have been on its way to the reader.
    expect(spoken.parts.length).toBeLessThanOrEqual(parts + 1);
    await it.standIn.until(() => it.standIn.liveContexts === 0);
    expect(it.standIn.contexts[0]?.context.isCancelled).toBe(true);
  });

  it('that is stopped before it was connected never reaches the service', async () => {
    const it = await open();
    it.standIn.failConnect('stall');
    const spoken = it.speak('Hello.');
    await it.standIn.until(() => it.standIn.handshakes.length === 1);
    spoken.stop();
    expect(await spoken.ended).toBeNull();
    expect(it.standIn.contexts).toEqual([]);
  });
});

describe('a text that pauses for longer than a context lives', () => {
  it.each([
    ['a sentence', 'One moment. ', 'Here it is.'],
    ['a clause', 'While I look for it, ', 'tell me more.'],
  ])('after %s goes on in another one', async (_, before, after) => {
    const it = await open();
    const written = new WrittenText();
    const spoken = it.speak(written);
    // The cutter needs to see that more follows.
    written.write(`${before}${after.slice(0, 2)}`);
    await spoken.until(({ marks }) => marks.at(-1)?.characters === before.length);
    await it.clock.advance(800);
    written.write(after.slice(2));
    written.finish();
    while (it.standIn.contexts.length < 2)
      await Promise.all([it.serviceClock.advance(100), tick()]);
    expect(await spoken.ended).toBeNull();
    expect(spoken.marks.at(-1)?.characters).toBe(before.length + after.length);
    const transcripts = it.standIn.contexts.map(({ context }) => context.transcript);
    expect(transcripts).toEqual([before, after]);
  });

  it('just before its next clause is said again, and sounds once', async () => {
    const it = await open();
    const written = new WrittenText();
    const spoken = it.speak(written);
    written.write('One moment. He');
    await spoken.until(({ marks }) => marks.at(-1)?.characters === 12);
    // The service's second is over, ours is not.
    await it.serviceClock.advance(1_000);
    written.write('re it is.');
    written.finish();
    expect(await spoken.ended).toBeNull();
    expect(spoken.cutsOf('One moment. Here it is.').slice(2)).toEqual(['Here ', 'it ', 'is.']);
    // Five words at 50 ms per character in steps of 20 ms, and their gaps.
    expect(spoken.soundMs).toBe(180 + 380 + 220 + 120 + 180);
  });

  it('after its last word is over without an answer to its end', async () => {
    const it = await open();
    const written = new WrittenText();
    const spoken = it.speak(written);
    written.write('All done. ');
    await spoken.until(({ marks }) => marks.at(-1)?.characters === 10);
    await it.clock.advance(800);
    written.finish();
    expect(await spoken.ended).toBeNull();
  });
});

describe('the connection', () => {
  it('is warm before the first word, one for all calls, and mixes nothing up', async () => {
    const it = await open();
    await it.voices.warmUp();
    expect(it.standIn.connections).toBe(1);
    const texts = Array.from(
      { length: 8 },
      (_, index) => `Caller ${'x'.repeat(index + 1)} speaks.`,
    );
    const spoken = texts.map((each) => it.speak(each, each.length % 2 === 0 ? 'bright' : 'deep'));
    for (const each of spoken) expect(await each.ended).toBeNull();
    expect(it.standIn.handshakes).toHaveLength(1);
    expect(spoken.map(({ marks }) => marks.at(-1)?.characters)).toEqual(
      texts.map((each) => each.length),
    );
    const lengths = spoken.map(({ soundMs }) => soundMs);
    expect(lengths).toEqual(lengths.toSorted((one, other) => one - other));
  });

  it('is opened again by itself after the service closed it for being idle', async () => {
    const it = await open();
    await it.voices.warmUp();
    it.standIn.closeIdle();
    await it.standIn.until(() => it.standIn.connections === 0);
    while (it.clock.pending === 0) await tick();
    await it.clock.advance(250);
    await it.standIn.until(() => it.standIn.connections === 1);
    const spoken = it.speak('Hello again.');
    expect(await spoken.ended).toBeNull();
    expect(it.standIn.handshakes).toHaveLength(2);
  });

  it('that is closed for being idle while a text pauses harms no message', async () => {
    const it = await open();
    const written = new WrittenText();
    const spoken = it.speak(written);
    written.write('One moment. He');
    await spoken.until(({ marks }) => marks.at(-1)?.characters === 12);
    it.standIn.closeIdle();
    await it.standIn.until(() => it.standIn.connections === 0);
    while (it.clock.pending === 0) await tick();
    written.write('re it is.');
    written.finish();
    expect(await spoken.ended).toBeNull();
    expect(spoken.marks.at(-1)?.characters).toBe(23);
  });

  it('carries hundreds of messages, spoken, stopped and failed, and keeps nothing of them', async () => {
    const it = await open({ msPerCharacter: 20 });
    await it.voices.warmUp();
    for (let turn = 0; turn < 500; turn += 1) {
      if (turn % 5 === 4) it.standIn.failContext('middle', 500);
      const spoken = it.speak(`This is turn ${turn}, and it is over soon. Good-bye.`);
      if (turn % 3 === 2) {
        await spoken.until(({ parts }) => parts.length > 0);
        spoken.stop();
      }
      await spoken.ended;
    }
    await it.standIn.until(() => it.standIn.liveContexts === 0);
    expect(it.standIn.handshakes).toHaveLength(1);
    expect(it.voices.contexts).toBe(0);
    expect(it.clock.pending).toBe(0);
  });

  it('closes in good order, twice', async () => {
    const it = await open();
    await it.voices.warmUp();
    await it.voices[Symbol.asyncDispose]();
    await it.voices[Symbol.asyncDispose]();
    await it.standIn.until(() => it.standIn.connections === 0);
    expect(await it.speak('Hello.').ended).toMatchObject({ code: 'closed' });
  });
});

/** One round of input and output. */
function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
