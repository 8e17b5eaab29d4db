import { Conversation, defineTestAgent, FakeClock, ScriptedLanguageModel } from '@voicebus/testing';
import { expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';
import { WorkerRunner } from './worker-runner.ts';

it('drains and takes sessions again when an operator elsewhere says so, and says so in its record', async () => {
  const clock = new FakeClock();
  const bus = new LocalBus({ mode: 'frozen' });
  const ended: string[] = [];
  const agents = new WorkerRunner({ bus, clock, name: 'agents' });
  agents.serve(defineTestAgent('greeter'), {
    llm: new ScriptedLanguageModel({ clock, replies: () => 'Hello.' }),
  });
  const transport = new WorkerRunner({
    bus,
    clock,
    name: 'transport',
    onEndSession: (sessionId) => ended.push(sessionId),
  });
  await agents.start();
  await transport.start();
  const stateOfAgents = (): string | undefined =>
    transport.registry.runners.find(({ runner }) => runner === 'agents')?.state;

  transport.operate(agents.incarnation, { action: 'drain' });
  await clock.advance(1_000);
  // It has no sessions to finish.
  expect(stateOfAgents()).toBe('drained');
  expect(transport.registry.has('greeter', 'a new session')).toBe(false);

  transport.operate(agents.incarnation, { action: 'undrain' });
  await clock.advance(1_000);
  expect(stateOfAgents()).toBe('ready');
  expect(transport.registry.has('greeter', 'a new session')).toBe(true);

  // Its process was told to end: whoever takes it back would have their calls cut.
  agents.drain({ forGood: true });
  transport.operate(agents.incarnation, { action: 'undrain' });
  await clock.advance(1_000);
  expect(stateOfAgents()).toBe('drained');

  agents.operate(transport.incarnation, { action: 'end-session', sessionId: 's1' });
  await clock.settle();
  expect(ended).toEqual(['s1']);
  await clock.until(agents.cancel());
  await clock.until(transport.cancel());
});

it('says once that nobody of a session is left, for whoever waits until it is empty', async () => {
  const clock = new FakeClock();
  const bus = new LocalBus({ mode: 'frozen' });
  const gone: string[] = [];
  const agents = new WorkerRunner({
    bus,
    clock,
    name: 'agents',
    onSessionGone: (sessionId) => gone.push(sessionId),
  });
  const llm = new ScriptedLanguageModel({ clock, replies: () => 'Hello.' });
  for (const role of ['greeter', 'support']) agents.serve(defineTestAgent(role), { llm });
  await agents.start();
  const calls = await Promise.all(
    ['one', 'two'].map((sessionId) => new Conversation({ clock, bus, sessionId }).start()),
  );
  for (const call of calls) {
    await call.activate('greeter');
    await call.activate('support');
  }
  expect([agents.sessions, gone]).toEqual([2, []]);
  await calls[1]?.close();
  expect([agents.sessions, gone]).toEqual([1, ['two']]);
  await calls[0]?.close();
  expect([agents.sessions, gone]).toEqual([0, ['two', 'one']]);
  await clock.until(agents.cancel());
});
