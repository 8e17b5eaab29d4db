import {
  Conversation,
  defineTestAgent,
  FakeClock,
  RoughBus,
  ScriptedLanguageModel,
} from '@voicebus/testing';
import { expect, it } from 'vitest';
import type { GenerateOptions, GenerationPart } from '../model/language-model.ts';
import { WorkerRunner } from '../runner/worker-runner.ts';

const words = Array.from({ length: 200 }, (_, index) => `w${index}`);

/** Counts the words that it was asked for. */
class CountingModel extends ScriptedLanguageModel {
  pulled = 0;
  ended = 0;

  override async *generate(request: GenerateOptions): AsyncIterable<GenerationPart> {
    try {
      for await (const part of super.generate(request)) {
        if (part.type === 'text-delta') this.pulled += 1;
        yield part;
      }
    } finally {
      this.ended += 1;
    }
  }
}

/** A call whose owner takes nothing in, from the middle of an answer on, though it still speaks. */
async function start() {
  const clock = new FakeClock();
  const bus = new RoughBus();
  const agents = new WorkerRunner({ bus, clock, name: 'agents' });
  const llm = new CountingModel({
    clock,
    replies: (_, index) => ({ text: index === 0 ? words.join(' ') : 'Yes?', msPerWord: 50 }),
  });
  agents.serve(defineTestAgent('greeter'), { llm });
  await agents.start();
  // Whether the caller is still there is nobody's question here.
  const turns = { callerIdleMs: Infinity };
  const call = await new Conversation({ clock, bus, turns }).start();
  await call.activate('greeter');
  await call.until(() => llm.pulled >= 5, 'the first words');
  const { incarnation } = call.runner;
  bus.passes = ({ message }) => message.target.incarnation !== incarnation;
  const close = async (): Promise<void> => {
    await call.close();
    await clock.until(agents.cancel());
  };
  return { clock, bus, agents, llm, call, close };
}

it('pauses the model when its words are not taken in, and loses and repeats none of them', async () => {
  const { clock, bus, agents, llm, call, close } = await start();
  await clock.advance(2_500);
  const pulled = llm.pulled;
  // 2 s of its words, one every 50 ms, and those on their way before.
  expect(pulled).toBeLessThanOrEqual(5 + 2_000 / 50 + 2);
  await clock.advance(5_000);
  expect(llm.pulled).toBe(pulled);
  expect(agents.bus.counters.paused).toBe(1);
  bus.passes = () => true;
  await call.untilHeard('w199', 120_000);
  expect(call.transcript).toEqual([`greeter: ${words.join(' ')}`]);
  expect(call.bridge.owner.counters).toEqual({ fenced: 0, voided: 0 });
  await close();
});

it('lets go of a model that waits when the caller interrupts it', async () => {
  const { clock, bus, llm, call, close } = await start();
  await clock.advance(3_000);
  expect(llm.ended).toBe(0);
  await call.type('hello?');
  await clock.settle();
  expect(llm.ended).toBe(1);
  bus.passes = () => true;
  await call.untilHeard('Yes?');
  expect(llm.ended).toBe(2);
  await close();
});

it('gives an answer up that nobody takes in for half a minute, and serves the next turn', async () => {
  const { clock, bus, llm, call, close } = await start();
  await clock.advance(33_000);
  expect(llm.ended).toBe(1);
  bus.passes = () => true;
  await call.untilEvent('problem');
  expect(call.eventsOf('problem')).toMatchObject([{ code: 'no-answer' }]);
  await call.type('hello?');
  await call.untilHeard('Yes?');
  await close();
});
