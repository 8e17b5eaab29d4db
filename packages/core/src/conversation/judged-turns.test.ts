import { Conversation, FakeClock, ScriptedSpeechToText, encodeWords } from '@voicebus/testing';
import { expect, test } from 'vitest';

/** Says this, and gives when the turn was ruled to be over: milliseconds after the last sound, rounded. */
async function afterSaying(text: string) {
  const clock = new FakeClock();
  const stt = new ScriptedSpeechToText({ clock });
  const call = await new Conversation({ clock, stt, turns: { settlingMs: 0 } }).start();
  await clock.advance(500);
  await call.sound(encodeWords(text));
  const endedMs = (): number[] =>
    call.eventsOf('turn-ruled-end').map(({ endpointMs }) => Math.round(endpointMs / 100) * 100);
  const words = (): string[] => call.eventsOf('transcript-final').map(({ text: said }) => said);
  return { call, clock, stt, endedMs, words };
}

test('the end of a turn is where the recogniser says, before any silence rule', async () => {
  const { call, clock, stt, endedMs, words } = await afterSaying('where is my order');
  await clock.advance(100);
  stt.judge('turn-started');
  stt.judge('end-of-turn');
  await clock.advance(50);
  expect(words()).toEqual(['where is my order']);
  expect(endedMs()).toEqual([100]);
  await clock.advance(3_000);
  expect(words()).toHaveLength(1);
  await call.close();
});

test('silence does not end a turn that the recogniser holds to be unfinished', async () => {
  const { call, clock, stt, endedMs, words } = await afterSaying('I would');
  stt.judge('turn-started');
  await clock.advance(1_500);
  expect(endedMs()).toEqual([]);
  await call.sound(encodeWords('like to return'));
  stt.judge('eager-end');
  stt.judge('turn-resumed');
  await clock.advance(1_500);
  await call.sound(encodeWords('my shoes'));
  stt.judge('end-of-turn');
  await clock.advance(50);
  expect(words()).toEqual(['I would like to return my shoes']);
  await call.close();
});

test('a recogniser that has lost the caller does not hold up the call', async () => {
  const { call, clock, stt, endedMs, words } = await afterSaying('where is my order');
  stt.judge('turn-started');
  await clock.advance(1_900);
  expect(endedMs()).toEqual([]);
  await clock.advance(300);
  expect(endedMs()).toEqual([2_000]);
  expect(words()).toEqual(['where is my order']);
  await call.close();
});

test('an eager end alone ends nothing', async () => {
  const { call, clock, stt, endedMs } = await afterSaying('where is my order');
  stt.judge('turn-started');
  stt.judge('eager-end');
  await clock.advance(1_000);
  expect(endedMs()).toEqual([]);
  await call.close();
});

test('the next turn has its own judgement: without one, silence ends it', async () => {
  const { call, clock, stt, endedMs } = await afterSaying('where is my order');
  stt.judge('turn-started');
  stt.judge('end-of-turn');
  await clock.advance(500);
  await call.sound(encodeWords('and my lamp'));
  await clock.advance(700);
  expect(endedMs()).toHaveLength(2);
  expect(endedMs()[1]).toBe(500);
  await call.close();
});
