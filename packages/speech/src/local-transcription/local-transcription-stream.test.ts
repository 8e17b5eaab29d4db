import type { TranscriptionResult } from '@voicebus/core';
import { VoicebusError } from '@voicebus/core';
import { FakeClock } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { LocalTranscriptionStream } from './local-transcription-stream.ts';
import type { RecogniserListener } from './recogniser-channel.ts';

function start() {
  const clock = new FakeClock();
  const controller = new AbortController();
  const sent: string[] = [];
  const results: string[] = [];
  let listener: RecogniserListener | undefined;
  const stream = new LocalTranscriptionStream({
    sessionId: 's1',
    onResult: (result: TranscriptionResult) =>
      results.push(`${result.type} ${result.utteranceId} ${result.text}`),
    onError: (error) => results.push(`error ${error.message}`),
    signal: controller.signal,
    clock,
    finalTimeoutMs: 700,
    stallTimeoutMs: 5000,
    noiseSuppression: true,
    channel: {
      attach: (given) => (listener = given),
      startUtterance: (utterance) => sent.push(`start ${utterance}`),
      endUtterance: (utterance) => sent.push(`end ${utterance}`),
      write: (pcm) => sent.push(`${pcm.length} samples`),
      close: () => sent.push('close'),
    },
  });
  if (listener === undefined) throw new Error('not attached');
  return { clock, controller, sent, results, stream, program: listener };
}

const final = (utterance: number, text: string) =>
  ({ type: 'final', utterance, text, words: [] }) as const;

test('an utterance begins with the 300 ms before it, without what belonged to the last one', () => {
  const { stream, sent } = start();
  for (let at = 0; at < 100; at += 1) stream.write(new Int16Array(320));
  stream.startUtterance('a');
  stream.write(new Int16Array(512));
  stream.endUtterance('a');
  stream.write(new Int16Array(512));
  stream.startUtterance('b');
  expect(sent).toEqual([
    'start 1',
    '4800 samples',
    '512 samples',
    'end 1',
    'start 2',
    '512 samples',
  ]);
});

test('interims, then the final', async () => {
  const { stream, program, results, clock } = start();
  stream.startUtterance('a');
  program.onMessage({ type: 'partial', utterance: 1, text: 'hello' });
  stream.endUtterance('a');
  program.onMessage(final(1, 'hello there'));
  await clock.drain();
  expect(results).toEqual(['interim a hello', 'final a hello there']);
});

test('a late final is replaced by the best partial, and is not given a second time', async () => {
  const { stream, program, results, clock } = start();
  stream.startUtterance('a');
  program.onMessage({ type: 'partial', utterance: 1, text: 'hello' });
  stream.endUtterance('a');
  await clock.advance(700);
  program.onMessage({ type: 'partial', utterance: 1, text: 'hello the' });
  program.onMessage(final(1, 'hello there'));
  await clock.drain();
  expect(results).toEqual(['interim a hello', 'final a hello']);
});

test('a program that is behind, but alive, is waited for, up to three seconds', async () => {
  const { stream, program, results, clock } = start();
  stream.startUtterance('a');
  stream.endUtterance('a');
  for (const text of ['I', 'I need', 'I need help']) {
    await clock.advance(600);
    program.onMessage({ type: 'partial', utterance: 1, text });
  }
  program.onMessage(final(1, 'I need help now'));
  expect(results.at(-1)).toBe('final a I need help now');
  stream.startUtterance('b');
  stream.endUtterance('b');
  for (let count = 0; count < 12; count += 1) {
    await clock.advance(500);
    program.onMessage({ type: 'partial', utterance: 2, text: `so far ${count}` });
  }
  expect(results.filter((result) => result.startsWith('final b'))).toEqual(['final b so far 4']);
  program.onMessage(final(2, 'at last'));
  await clock.drain();
  expect(results.filter((result) => result.startsWith('error'))).toEqual([]);
});

test('a program that hangs is an error, after its finals', async () => {
  const { stream, results, sent, clock } = start();
  stream.startUtterance('a');
  stream.endUtterance('a');
  await clock.drain();
  expect(results).toEqual(['final a ', 'error the recogniser has not answered for 5000 ms']);
  expect(sent.at(-1)).toBe('close');
});

test('a program is not blamed for the time in which this process stood still', async () => {
  const { stream, program, results, clock } = start();
  stream.startUtterance('a');
  stream.endUtterance('a');
  clock.standStill(15_000);
  expect(results).toEqual([]);
  program.onMessage({ type: 'partial', utterance: 1, text: 'hello' });
  await clock.advance(600);
  program.onMessage(final(1, 'hello there'));
  await clock.drain();
  expect(results).toEqual(['interim a hello', 'final a hello there']);
});

test('a failure ends what is open with its best partial', () => {
  const { stream, program, results } = start();
  stream.startUtterance('a');
  program.onMessage({ type: 'partial', utterance: 1, text: 'so far' });
  program.onFailure(new VoicebusError('provider-failed', 'gone'));
  program.onFailure(new VoicebusError('provider-failed', 'gone again'));
  stream.write(new Int16Array(320));
  expect(results).toEqual(['interim a so far', 'final a so far', 'error gone']);
});

test('a new utterance ends one that was left open', () => {
  const { stream, program, results, sent } = start();
  stream.startUtterance('a');
  stream.startUtterance('b');
  stream.endUtterance('a');
  stream.endUtterance('b');
  program.onMessage(final(1, 'one'));
  program.onMessage(final(2, 'two'));
  expect(sent.filter((entry) => !entry.includes('samples'))).toEqual([
    'start 1',
    'end 1',
    'start 2',
    'end 2',
  ]);
  expect(results).toEqual(['final a one', 'final b two']);
});

test('the end of the call closes it without a word', async () => {
  const { stream, program, results, controller, sent, clock } = start();
  stream.startUtterance('a');
  stream.endUtterance('a');
  controller.abort();
  program.onMessage(final(1, 'late'));
  await clock.drain();
  expect(results).toEqual([]);
  expect(sent.at(-1)).toBe('close');
  expect(clock.pending).toBe(0);
});
