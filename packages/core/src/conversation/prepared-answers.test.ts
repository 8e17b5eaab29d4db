import {
  encodeWords,
  FakeClock,
  lastWords,
  ScriptedSpeechToText,
  startCallWithAgents,
  type ScriptedReply,
} from '@voicebus/testing';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { LocalBus } from '../bus/local-bus.ts';
import { tool } from '../model/tool.ts';
import type { TurnOptions } from '../turns/turn-options.ts';

const thinkMs = 800;

/** A call with a recogniser that judges turns, and an agent that thinks for a while. */
async function start({
  turns = {},
  bus = new LocalBus({ mode: 'frozen' }),
}: { turns?: Partial<TurnOptions>; bus?: LocalBus } = {}) {
  const clock = new FakeClock();
  const stt = new ScriptedSpeechToText({ clock });
  const looked: string[] = [];
  const look = tool({
    description: 'Looks.',
    parameters: z.object({}),
    execute: () => {
      looked.push(`at ${clock.now()}`);
      return { found: true };
    },
  });
  const it = await startCallWithAgents({
    clock,
    bus,
    stt,
    turns: { settlingMs: 0, ...turns },
    agents: {
      agent: {
        tools: { look },
        replies: (request): ScriptedReply | string => {
          const words = lastWords(request);
          if (words === 'Welcome.') return 'Welcome.';
          if (words === 'look' && request.messages.at(-1)?.role === 'user')
            return { delayMs: thinkMs, toolCalls: [{ name: 'look' }] };
          return { delayMs: thinkMs, text: `You said ${words}.` };
        },
      },
    },
  });
  await it.call.activate('agent', 'Welcome.');
  await it.call.untilHeard('Welcome.');
  await clock.advance(1_000);
  const model = it.models['agent'];
  if (!model) throw new Error('there is no model');
  /** What the model was asked after the welcome. */
  const asked = (): string[] => model.requests.slice(1).map((request) => lastWords(request));
  const isDropped = (index: number): boolean => model.requests[index + 1]?.signal.aborted ?? false;
  const outcomes = (): string[] =>
    it.call.eventsOf('answer-prepared').map(({ outcome }) => outcome);
  const firstTokenMs = (): number => {
    const request = it.call.eventsOf('llm-request').at(-1)?.atMs ?? 0;
    return (it.call.eventsOf('llm-first-token').at(-1)?.atMs ?? 0) - request;
  };
  return {
    ...it,
    clock,
    stt,
    looked,
    asked,
    isDropped,
    outcomes,
    firstTokenMs,
    [Symbol.asyncDispose]: () => it[Symbol.asyncDispose](),
  };
}

test.each(['frozen', 'encoded'] as const)(
  'an answer is begun when the turn may be over, heard when it is, asked for once (%s messages)',
  async (mode) => {
    await using it = await start({ bus: new LocalBus({ mode }) });
    await it.call.sound(encodeWords('where is it'));
    it.stt.judge('turn-started');
    it.stt.judge('eager-end');
    await it.clock.advance(500);
    expect(it.asked()).toEqual(['where is it']);
    expect(it.isDropped(0)).toBe(false);
    const turns = it.call.eventsOf('llm-request').length;
    const packets = it.call.packets.length;
    it.stt.judge('end-of-turn');
    await it.call.untilHeard('You said where is it.');
    expect(it.asked()).toEqual(['where is it']);
    expect(it.outcomes()).toEqual(['used']);
    expect(it.firstTokenMs()).toBeLessThanOrEqual(thinkMs - 500);
    expect(it.call.packets.length).toBeGreaterThan(packets);
    expect(it.call.eventsOf('llm-request')).toHaveLength(turns + 1);
  },
);

test('it is kept back, however early it is there', async () => {
  await using it = await start();
  await it.call.sound(encodeWords('where is it'));
  it.stt.judge('turn-started');
  it.stt.judge('eager-end');
  const packets = it.call.packets.length;
  const messages = it.call.context.messages.length;
  await it.clock.advance(1_500);
  expect(it.call.packets).toHaveLength(packets);
  expect(it.call.context.messages).toHaveLength(messages);
  it.stt.judge('end-of-turn');
  await it.call.untilHeard('You said where is it.');
  expect(it.firstTokenMs()).toBeLessThan(100);
});

test('it is dropped when the user goes on, and counted', async () => {
  await using it = await start();
  await it.call.sound(encodeWords('where is it'));
  it.stt.judge('turn-started');
  it.stt.judge('eager-end');
  await it.clock.advance(200);
  it.stt.judge('turn-resumed');
  await it.clock.settle();
  expect(it.asked()).toEqual(['where is it']);
  expect(it.isDropped(0)).toBe(true);
  expect(it.outcomes()).toEqual(['dropped']);
  await it.call.sound(encodeWords('my lamp'));
  it.stt.judge('end-of-turn');
  await it.call.untilHeard('You said where is it my lamp.');
  expect(it.asked()).toEqual(['where is it', 'where is it my lamp']);
  expect(it.outcomes()).toEqual(['dropped']);
});

test('other words than were prepared for are answered as they are', async () => {
  await using it = await start();
  await it.call.sound(encodeWords('where is it'));
  it.stt.judge('turn-started');
  it.stt.judge('eager-end');
  await it.clock.advance(100);
  await it.call.sound(encodeWords('now'));
  it.stt.judge('end-of-turn');
  await it.call.untilHeard('You said where is it now.');
  expect(it.asked()).toEqual(['where is it', 'where is it now']);
  expect(it.outcomes()).toEqual(['dropped']);
});

test('a tool that it calls is run when the turn is over, once', async () => {
  await using it = await start();
  await it.call.sound(encodeWords('look'));
  it.stt.judge('turn-started');
  it.stt.judge('eager-end');
  await it.clock.advance(1_500);
  expect(it.looked).toEqual([]);
  it.stt.judge('end-of-turn');
  await it.call.untilHeard('You said look.');
  expect(it.looked).toHaveLength(1);
});

test('nothing is prepared over the bot: it is not known yet whether that is a turn', async () => {
  await using it = await start();
  await it.call.activate('agent', 'Welcome.');
  await it.call.until(
    () => it.call.eventsOf('bot-started-speaking').length > 1,
    'the bot to speak',
  );
  const before = it.asked().length;
  await it.call.sound(encodeWords('stop'));
  it.stt.judge('turn-started');
  it.stt.judge('eager-end');
  await it.clock.settle();
  expect(it.asked()).toHaveLength(before);
});

test('it can be switched off', async () => {
  await using it = await start({ turns: { preparesAnswers: false } });
  await it.call.sound(encodeWords('where is it'));
  it.stt.judge('turn-started');
  it.stt.judge('eager-end');
  await it.clock.advance(300);
  expect(it.asked()).toEqual([]);
  it.stt.judge('end-of-turn');
  await it.call.untilHeard('You said where is it.');
  expect(it.outcomes()).toEqual([]);
});
