import { afterAll, expect, test } from 'vitest';
import type { TranscriptionResult } from '@voicebus/core';
import { cough, join } from '@voicebus/testing/system';
import { OfflineVoices } from '../offline-voices/offline-voices.ts';
import { OfflineRecogniser } from './offline-recogniser.ts';

const program = process.env['VOICEBUS_RECOGNISER_BIN'];
if (program === undefined || program === '') {
  throw new Error('set VOICEBUS_RECOGNISER_BIN to the program that tools/recogniser builds');
}
const recogniser = new OfflineRecogniser({
  program,
  // The audio of a whole sentence comes at once here: the decoder has to catch up.
  finalTimeoutMs: 20_000,
  // Half a second of work, which a busy machine takes its time for.
  startTimeoutMs: 60_000,
  sentences: ['where is my order', 'i would like to return my shoes', 'what time do you open'],
});
/** Whether words are understood is looked at, not how busy the machine is. */
const timeout = 90_000;
const voices = new OfflineVoices({ threads: 1 });
afterAll(async () => {
  await recogniser[Symbol.asyncDispose]();
  await voices[Symbol.asyncDispose]();
});

async function say(sentence: string): Promise<Int16Array> {
  async function* text(): AsyncIterable<string> {
    yield sentence;
  }
  const { signal } = new AbortController();
  const samples: number[] = Array.from({ length: 8000 }, () => 0);
  for await (const part of voices.speak({ sessionId: 's1', text: text(), voice: 'deep', signal })) {
    if (part.type === 'audio') samples.push(...part.pcm);
  }
  return Int16Array.from([...samples, ...new Int16Array(8000)]);
}

async function open() {
  const controller = new AbortController();
  const results: TranscriptionResult[] = [];
  let onFinal = (_: TranscriptionResult): void => {};
  const stream = await recogniser.open({
    sessionId: 's1',
    onResult: (result) => {
      results.push(result);
      if (result.type === 'final') onFinal(result);
    },
    onError: (error) => {
      throw error;
    },
    signal: controller.signal,
  });
  const hear = (pcm: Int16Array, id: string): Promise<TranscriptionResult> => {
    const final = new Promise<TranscriptionResult>((resolve) => (onFinal = resolve));
    // The utterance starts late, in the middle of the first word, as a detector notices it.
    const startAt = 8000 + 1600;
    for (let at = 0; at < pcm.length; at += 320) {
      if (at === startAt) stream.startUtterance(id);
      stream.write(pcm.subarray(at, at + 320));
    }
    stream.endUtterance(id);
    return final;
  };
  return { hear, results, controller };
}

test('understands whole sentences, with partials on the way', { timeout }, async () => {
  const { hear, results, controller } = await open();
  const final = await hear(await say('Where is my order?'), 'u1');
  expect(final).toMatchObject({ utteranceId: 'u1', text: 'where is my order' });
  expect(final.type === 'final' && final.words?.map((word) => word.text)).toEqual(
    'where is my order'.split(' '),
  );
  expect(results.length).toBeGreaterThan(1);
  // All of it came at once: a program that is behind says every 128 ms of sound that it is at work.
  const soundMs = results.length * 128;
  expect(soundMs).toBeGreaterThan(1_000);
  const second = await hear(await say('I would like to return my shoes.'), 'u2');
  expect(second.text).toContain('return my shoes');
  controller.abort();
});

test('two callers are understood at the same time', { timeout }, async () => {
  const callers = await Promise.all([open(), open()]);
  const sentences = ['Where is my order?', 'What time do you open?'];
  const recordings = await Promise.all(sentences.map(say));
  const finals = await Promise.all(
    callers.map(({ hear }, index) => hear(recordings[index] ?? new Int16Array(0), 'u1')),
  );
  expect(finals.map((final) => final.text)).toEqual(['where is my order', 'what time do you open']);
  for (const { controller } of callers) controller.abort();
});

test('silence is understood as nothing', { timeout }, async () => {
  const { hear, controller } = await open();
  expect(await hear(new Int16Array(16_000), 'u1')).toMatchObject({ type: 'final', text: '' });
  controller.abort();
});

test('a cough teaches it nothing of a voice', { timeout }, async () => {
  const { hear, controller } = await open();
  const silence = new Int16Array(8000);
  for (let number = 1; number <= 20; number += 1)
    await hear(join(silence, cough(number), silence), `cough ${number}`);
  const first = await open();
  for (const sentence of ['Yes.', 'Where is my order?', 'I would like to talk to a person.']) {
    const pcm = await say(sentence);
    expect((await hear(pcm, sentence)).text).toBe((await first.hear(pcm, sentence)).text);
  }
  controller.abort();
  first.controller.abort();
});

test('a first sentence is the same, however loud it is', { timeout }, async () => {
  const pcm = await say('I ordered a blue sweater and it has not arrived.');
  const heard: string[] = [];
  for (const gain of [1, 0.3, 0.1]) {
    const { hear, controller } = await open();
    const quieter = pcm.map((sample) => sample * gain);
    heard.push((await hear(quieter, 'u1')).text);
    controller.abort();
  }
  expect(new Set(heard)).toEqual(new Set([heard[0]]));
});
