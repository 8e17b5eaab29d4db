import { providerError, type CircuitChange, type ProviderFault } from '@voicebus/core';
import {
  FakeClock,
  ScriptedTextToSpeech,
  type ScriptedTextToSpeechOptions,
} from '@voicebus/testing';
import { describeTextToSpeech } from '@voicebus/testing/text-to-speech-conformance';
import { describe, expect, it } from 'vitest';
import { Spoken, WrittenText } from '../test-speech/spoken.ts';
import { FallbackTextToSpeech } from './fallback-text-to-speech.ts';

const text = 'one two three four five six';
const error = (fault: ProviderFault) =>
  providerError({ provider: 'first', fault, message: `first: ${fault}` });

type Fault = ReturnType<NonNullable<ScriptedTextToSpeechOptions['fault']>>;

/** Two voices, of which the first goes wrong as told, message by message. */
function chainOfTwo(...faults: Fault[]) {
  const clock = new FakeClock();
  const changes: CircuitChange[] = [];
  const first = new ScriptedTextToSpeech({ clock, fault: () => faults.shift() });
  const second = new ScriptedTextToSpeech({ clock, voices: { high: 600, low: 100 } });
  const tts = new FallbackTextToSpeech({
    clock,
    providers: [first, second],
    onChange: (change) => changes.push(change),
  });
  const speak = (written: AsyncIterable<string> | string = text, voice = 'bright'): Spoken =>
    new Spoken(tts, written, voice);
  return { clock, changes, first, second, tts, speak };
}

/** All that the voices said, in order, and how it ended. */
async function said(clock: FakeClock, spoken: Spoken, ...voices: ScriptedTextToSpeech[]) {
  const ended = await clock.until(spoken.ended);
  return { ended, said: voices.map((voice) => voice.spoken.map(({ text }) => text)) };
}

describe('a chain of voices', () => {
  it('is the first one, as long as it is well', async () => {
    const { clock, speak, first, second } = chainOfTwo();
    expect(await said(clock, speak(), first, second)).toEqual({ ended: null, said: [[text], []] });
  });

  it('goes on behind the last mark where one breaks off, in the voice of the same place', async () => {
    const { clock, speak, first, second } = chainOfTwo({ afterWords: 2, error: error('network') });
    const spoken = speak(text, 'deep');
    expect(await said(clock, spoken, first, second)).toEqual({
      ended: null,
      said: [['one two '], ['three four five six']],
    });
    expect(second.spoken[0]?.voice).toBe('low');
    expect(spoken.cutsOf(text)).toEqual(['one ', 'two ', 'three ', 'four ', 'five ', 'six']);
    // Each word once: 50 ms per character.
    expect(spoken.soundMs).toBe(text.length * 50);
  });

  it('does so while the text is still written', async () => {
    const { clock, speak, second } = chainOfTwo({ afterWords: 2, error: error('overloaded') });
    const written = new WrittenText();
    const spoken = speak(written);
    written.write('one two three fo');
    await clock.settle();
    written.write('ur five');
    await clock.settle();
    written.write(' six');
    written.finish();
    expect(await clock.until(spoken.ended)).toBeNull();
    expect(second.spoken[0]?.text).toBe('three four five six');
    expect(spoken.marks.at(-1)?.characters).toBe(text.length);
  });

  it('asks the same one again where nothing was spoken and it may pass', async () => {
    const { clock, speak, first, second } = chainOfTwo(error('network'));
    expect(await said(clock, speak(), first, second)).toEqual({ ended: null, said: [[text], []] });
  });

  it('takes the next one where it does not pass, and does not ask again', async () => {
    const { clock, speak, first, second, changes } = chainOfTwo(error('key'));
    expect(await said(clock, speak(), first, second)).toEqual({ ended: null, said: [[], [text]] });
    expect(changes.map(({ provider, circuit }) => `${provider} ${circuit}`)).toEqual([
      'scripted open',
    ]);
    await said(clock, speak(), first, second);
    expect(second.spoken).toHaveLength(2);
  });

  it('takes the next one where the first says nothing for three seconds', async () => {
    const { clock, speak, second } = chainOfTwo('stall');
    const spoken = speak();
    await clock.advance(2_999);
    expect(second.spoken).toEqual([]);
    await clock.advance(1);
    expect(await clock.until(spoken.ended)).toBeNull();
    expect(second.spoken[0]?.text).toBe(text);
    expect(clock.pending).toBe(0);
  });

  it('blames no voice for a text that pauses', async () => {
    const { clock, speak, first, second, changes } = chainOfTwo();
    for (const pauseMs of [2_900, 10_000]) {
      const written = new WrittenText();
      const spoken = speak(written);
      written.write('one two ');
      await clock.advance(pauseMs);
      written.write('three');
      await clock.advance(pauseMs);
      written.finish();
      expect(await clock.until(spoken.ended)).toBeNull();
    }
    expect(first.spoken).toHaveLength(2);
    expect([second.spoken, changes]).toEqual([[], []]);
  });

  it('returns to the first one when it is well', async () => {
    // The first message asks twice: that opens the circuit, and the next messages do not ask.
    const faults = [error('overloaded'), error('overloaded')];
    const { clock, speak, first, second, changes } = chainOfTwo(...faults);
    for (let message = 0; message < 3; message += 1) await clock.until(speak().ended);
    expect([first.spoken.length, second.spoken.length]).toEqual([0, 3]);
    await clock.advance(5_000);
    await clock.until(speak().ended);
    expect(first.spoken).toHaveLength(1);
    expect(changes.at(-1)).toMatchObject({ circuit: 'closed' });
  });

  it('says that all are down once each was asked', async () => {
    const clock = new FakeClock();
    const broken = () => new ScriptedTextToSpeech({ clock, fault: () => error('quota') });
    const tts = new FallbackTextToSpeech({ clock, providers: [broken(), broken()] });
    const ended = await clock.until(new Spoken(tts, text, 'bright').ended);
    expect(ended).toMatchObject({ code: 'provider-refused', data: { isExhausted: true } });
  });

  it('is warmed up as a whole, and leaves out what is refused before a caller meets it', async () => {
    const { clock, speak, first, second, tts, changes } = chainOfTwo();
    Object.assign(first, { warmUp: () => Promise.reject(error('key')) });
    await tts.warmUp();
    expect(changes).toMatchObject([{ circuit: 'open', error: { message: 'first: key' } }]);
    expect(await said(clock, speak(), first, second)).toEqual({ ended: null, said: [[], [text]] });
  });

  it('is silent where only silence is left', async () => {
    const words = 6;
    const { clock, speak, second } = chainOfTwo({ afterWords: words, error: error('network') });
    // The error comes with the word after the last one: there is none, but white space.
    const spoken = speak(`${text} `);
    expect(await clock.until(spoken.ended)).toBeNull();
    expect(second.spoken).toEqual([]);
  });

  it('stops at once, whichever speaks', async () => {
    const { clock, speak, second } = chainOfTwo({ afterWords: 2, error: error('network') });
    const written = new WrittenText();
    const spoken = speak(written);
    written.write('one two three four ');
    await spoken.until(() => second.spoken.length > 0);
    spoken.stop();
    expect(await clock.until(spoken.ended)).toBeNull();
    expect(clock.pending).toBe(0);
  });

  it('blames no voice for a text that breaks', async () => {
    const { clock, speak, changes, second } = chainOfTwo();
    for (let message = 0; message < 3; message += 1) {
      const ended = await clock.until(speak(breaking()).ended);
      expect(ended?.message).toBe('the text broke');
    }
    expect([changes, second.spoken]).toEqual([[], []]);
  });
});

describeTextToSpeech({
  name: 'a chain whose first choice breaks',
  limitMs: 5_000,
  open: () => {
    const first = new ScriptedTextToSpeech({
      fault: () => ({ afterWords: 3, error: error('request') }),
    });
    const textToSpeech = new FallbackTextToSpeech({
      providers: [first, new ScriptedTextToSpeech()],
    });
    const close = () => textToSpeech[Symbol.asyncDispose]();
    return Promise.resolve({ textToSpeech, failNext: null, close });
  },
});

async function* breaking(): AsyncIterable<string> {
  yield 'one two ';
  throw new Error('the text broke');
}
