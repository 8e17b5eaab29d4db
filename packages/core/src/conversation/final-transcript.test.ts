import { LoneUserAggregator } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { createFrame } from '../frames/frame.ts';

/** A second of speech, just ruled to be over; the recogniser's next word is the test's. */
async function afterSpeech() {
  const user = new LoneUserAggregator();
  const { clock, events, sent } = user;
  /** The onset was ruled on a little late, and so is this. */
  const onsetMs = 100;
  const finals: { text: string; afterMs: number }[] = [];
  const shown: string[] = [];
  let endedMs = 0;
  events.onEvent((event) => {
    if (event.type === 'transcript-interim') shown.push(event.text);
    if (event.type === 'transcript-final')
      finals.push({ text: event.text, afterMs: clock.now() - endedMs });
  });
  while (!sent.kinds.includes('user-stopped-speaking')) {
    await clock.advance(LoneUserAggregator.windowMs);
    user.hear({ probability: clock.now() <= 1_000 ? 0.95 : 0.02, captureMs: clock.now() });
  }
  const started = sent.frames.find((frame) => frame.kind === 'user-started-speaking');
  const utteranceId = started?.utteranceId ?? '';
  endedMs = clock.now();
  const interim = (text: string): void =>
    user.queue(createFrame('interim-transcription', { utteranceId, text }));
  const expectFinal = (text: string, afterMs: number): void => {
    expect(finals.map((final) => final.text)).toEqual([text]);
    const late = (finals[0]?.afterMs ?? 0) - afterMs;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(onsetMs);
  };
  const final = (text: string): void =>
    user.queue(createFrame('transcription', { utteranceId, text, by: 'voice' }));
  const heard = (): string[] => finals.map(({ text }) => text);
  return { clock, interim, final, heard, expectFinal, shown };
}

test('without another word the best interim counts after 700 ms', async () => {
  const { clock, interim, expectFinal } = await afterSpeech();
  interim('I need');
  await clock.advance(5_000);
  expectFinal('I need', 700);
});

test('a recogniser that is behind, but alive, is waited for', async () => {
  const { clock, interim, expectFinal } = await afterSpeech();
  for (const text of ['I', 'I need', 'I need help']) {
    await clock.advance(500);
    interim(text);
  }
  await clock.advance(5_000);
  expectFinal('I need help', 1_500 + 700);
});

test('the same words once more are a sign of life, and no news', async () => {
  const { clock, interim, expectFinal, shown } = await afterSpeech();
  for (const text of ['', 'I need', 'I need', 'I need']) {
    await clock.advance(500);
    interim(text);
  }
  await clock.advance(5_000);
  expectFinal('I need', 2_000 + 700);
  expect(shown).toEqual(['I need']);
});

test('but not for ever', async () => {
  const { clock, interim, expectFinal } = await afterSpeech();
  for (let count = 0; count < 20; count += 1) {
    await clock.advance(400);
    interim(`so far ${count}`);
  }
  expectFinal('so far 6', 3_000);
});

test('the final that came while this process stood still counts, also when interims are read before it', async () => {
  const { clock, interim, final, heard } = await afterSpeech();
  clock.standStill(15_000);
  expect(heard()).toEqual([]);
  interim('I need');
  await clock.advance(600);
  final('I need support');
  expect(heard()).toEqual(['I need support']);
});

test('where none came meanwhile it is waited for as if no time had passed', async () => {
  const { clock, interim, expectFinal } = await afterSpeech();
  interim('I need');
  clock.standStill(15_000);
  await clock.advance(5_000);
  expectFinal('I need', 15_000 + 700);
});
