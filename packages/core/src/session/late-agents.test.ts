import { Conversation, defineTestAgent, FakeClock, ScriptedLanguageModel } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';
import { WorkerRunner } from '../runner/worker-runner.ts';

function setup() {
  const clock = new FakeClock();
  const bus = new LocalBus({ mode: 'frozen' });
  const models: ScriptedLanguageModel[] = [];
  const startGreeter = async (name: string, capacity = 100): Promise<WorkerRunner> => {
    const runner = new WorkerRunner({ bus, clock, name, capacity });
    const llm = new ScriptedLanguageModel({ clock, replies: () => `Hello from ${name}.` });
    models.push(llm);
    runner.serve(defineTestAgent('greeter'), { llm });
    await runner.start();
    return runner;
  };
  return { clock, bus, models, startGreeter };
}

/** Whole greetings that were heard. */
const hellos = (call: Conversation): string[] =>
  call.transcript.filter((line) => /Hello from \w+\.$/.test(line));

describe('agents that come late, or twice', () => {
  it('a greeter that starts five seconds after the caller is activated once and greets', async () => {
    const { clock, bus, models, startGreeter } = setup();
    const call = await new Conversation({ clock, bus }).start();
    let activations = 0;
    call.runner.registry.watch('greeter', async () => {
      activations += 1;
      await call.main.activateWorker('greeter', {
        args: { messages: [{ role: 'developer', content: 'Welcome the user.' }] },
      });
    });
    await clock.advance(5_000);
    expect(call.transcript).toEqual([]);
    const agents = await startGreeter('agents');
    await call.untilHeard('Hello from agents.');
    await clock.advance(5_000);
    expect(activations).toBe(1);
    expect(hellos(call)).toHaveLength(1);
    expect(models[0]?.requests[0]?.messages).toMatchObject([{ content: 'Welcome the user.' }]);
    await call.close();
    await clock.until(agents.cancel());
  });

  it('two processes of one role share the sessions: each has one of them, and keeps it', async () => {
    const { clock, bus, models, startGreeter } = setup();
    const runners = [await startGreeter('one'), await startGreeter('two')];
    // Of two that are chosen by chance the less loaded serves: once in 64 times chance chose one for all four.
    let chosen = 0;
    const random = (): number => (chosen++ % 2) / 2;
    const calls = await Promise.all(
      ['a', 'b', 'c', 'd'].map((sessionId) =>
        new Conversation({
          clock,
          bus,
          sessionId,
          runnerName: `transport-${sessionId}`,
          runner: { random },
        }).start(),
      ),
    );
    for (const call of calls) {
      await call.activate('greeter');
      await call.until(() => hellos(call).length === 1, 'a greeting');
      await call.type('again');
      await call.until(() => hellos(call).length === 2, 'a second answer');
    }
    for (const call of calls) {
      expect(new Set(hellos(call)).size).toBe(1);
    }
    expect(models.map(({ requests }) => requests.length > 0)).toEqual([true, true]);
    for (const call of calls) await call.close();
    for (const runner of runners) await clock.until(runner.cancel());
  });

  it('two owners that reach for the last place of a process at once: one goes to another process', async () => {
    const { clock, bus, startGreeter } = setup();
    const runners = [await startGreeter('one', 1), await startGreeter('two', 1)];
    // Both choose the first process that they know.
    const runner = { random: () => 0 };
    const calls = await Promise.all(
      ['a', 'b', 'c'].map((sessionId) =>
        new Conversation({ clock, bus, sessionId, runnerName: `of-${sessionId}`, runner }).start(),
      ),
    );
    const outcomes = await clock.until(
      Promise.allSettled(calls.map((call) => call.main.activateWorker('greeter'))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[2]).toMatchObject({ reason: { code: 'queue-full' } });
    expect(runners.map(({ sessions }) => sessions)).toEqual([1, 1]);
    for (const call of calls) await call.close();
    for (const each of runners) await clock.until(each.cancel());
  });
});
