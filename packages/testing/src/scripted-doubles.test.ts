import type { GenerateOptions, SpeechPart, TranscriptionResult } from '@voicebus/core';
import { expect, test } from 'vitest';
import { FakeClock } from './fake-clock.ts';
import { ScriptedLanguageModel } from './scripted-language-model.ts';
import { ScriptedSpeechToText } from './scripted-speech-to-text.ts';
import { ScriptedTextToSpeech } from './scripted-text-to-speech.ts';
import { loudAtTheEnd, ScriptedVoiceActivityDetector } from './scripted-voice-activity-detector.ts';
import { encodeWords, silence } from './spoken-words.ts';

async function* pieces(...texts: string[]): AsyncIterable<string> {
  yield* texts;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const request = (signal = new AbortController().signal): GenerateOptions => ({
  sessionId: 's1',
  agent: 'greeter',
  instructions: '',
  messages: [],
  tools: [],
  signal,
});

test('the recogniser hears words in the audio, however it is cut', async () => {
  const speechToText = new ScriptedSpeechToText();
  const results: TranscriptionResult[] = [];
  const stream = await speechToText.open({
    sessionId: 's1',
    onResult: (result) => results.push(result),
    onError: () => {},
    signal: new AbortController().signal,
  });
  stream.startUtterance('u1');
  const pcm = encodeWords('hello over there');
  for (let at = 0; at < pcm.length; at += 331) stream.write(pcm.subarray(at, at + 331));
  stream.endUtterance('u1');
  expect(results.map((result) => `${result.type} ${result.text}`)).toEqual([
    'interim hello',
    'interim hello over',
    'interim hello over there',
    'final hello over there',
  ]);
});

test('finals come by script, late, or never', async () => {
  const clock = new FakeClock();
  const speechToText = new ScriptedSpeechToText({ clock, finals: ['one', null], finalDelayMs: 50 });
  const finals: string[] = [];
  const stream = await speechToText.open({
    sessionId: 's1',
    onResult: (result) => finals.push(result.text),
    onError: (error) => finals.push(error.message),
    signal: new AbortController().signal,
  });
  for (const id of ['u1', 'u2']) {
    stream.startUtterance(id);
    stream.write(silence(100));
    stream.endUtterance(id);
  }
  await clock.advance(49);
  expect(finals).toEqual([]);
  await clock.drain();
  expect(finals).toEqual(['one']);
  speechToText.fail(new Error('gone'));
  expect(finals).toEqual(['one', 'gone']);
});

test('speech lasts exactly as long as its text and marks every word', async () => {
  const voice = new ScriptedTextToSpeech({ msPerCharacter: 10 });
  const signal = new AbortController().signal;
  const text = pieces('Hel', 'lo the', 're.');
  const parts = await collect(voice.speak({ sessionId: 's1', text, voice: 'deep', signal }));
  const ms = (part: SpeechPart): number => (part.type === 'audio' ? part.pcm.length / 16 : 0);
  expect(parts.map((part) => (part.type === 'mark' ? part.characters : `${ms(part)} ms`))).toEqual([
    '60 ms',
    6,
    '60 ms',
    12,
  ]);
});

test('an unknown voice is an error', async () => {
  const voice = new ScriptedTextToSpeech();
  const { signal } = new AbortController();
  const spoken = voice.speak({ sessionId: 's1', text: pieces('x'), voice: 'nobody', signal });
  await expect(collect(spoken)).rejects.toThrow('no voice "nobody"');
});

test('the model streams words, then calls tools', async () => {
  const model = new ScriptedLanguageModel({
    replies: [
      { text: 'One moment.', toolCalls: [{ name: 'look', arguments: { at: 1 } }] },
      'Done.',
    ],
  });
  expect(await collect(model.generate(request()))).toEqual([
    { type: 'text-delta', text: 'One ' },
    { type: 'text-delta', text: 'moment.' },
    { type: 'tool-call', call: { id: 'call-1', name: 'look', arguments: '{"at":1}' } },
    { type: 'finish', reason: 'tool-calls' },
  ]);
  expect(await collect(model.generate(request()))).toHaveLength(2);
  await expect(collect(model.generate(request()))).rejects.toThrow('no reply is scripted');
});

test('a stalled model ends without a finish when aborted, a failing one throws', async () => {
  const controller = new AbortController();
  const model = new ScriptedLanguageModel({
    replies: (_, index) => ({ text: 'Well', then: index === 0 ? 'stall' : new Error('broken') }),
  });
  const parts = collect(model.generate(request(controller.signal)));
  controller.abort();
  expect(await parts).toEqual([{ type: 'text-delta', text: 'Well' }]);
  await expect(collect(model.generate(request()))).rejects.toThrow('broken');
});

test('the detector goes by loudness', async () => {
  const stream = await new ScriptedVoiceActivityDetector().open();
  expect(await stream.probability(new Float32Array(512))).toBeLessThan(0.5);
  expect(await stream.probability(new Float32Array(512).fill(0.1))).toBeGreaterThan(0.5);
  const over = new Float32Array(512).fill(0.1, 0, 300);
  expect(await stream.probability(over)).toBeGreaterThan(0.5);
  expect(loudAtTheEnd(over)).toBeLessThan(0.5);
  expect(loudAtTheEnd(over.toReversed())).toBeGreaterThan(0.5);
});
