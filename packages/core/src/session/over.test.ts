import {
  FakeClock,
  lastWords,
  startCallWithAgents,
  transfer,
  type TestAgent,
} from '@voicebus/testing';
import { expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';

const agent: TestAgent = {
  replies: (request) => `You said ${lastWords(request)}, and here is a lot to say about that.`,
};

it('nothing sounds and nobody is asked for once a call is over, though its transport still paces', async () => {
  await using it = await startCallWithAgents({ agents: { agent } });
  await it.call.activate('agent', 'Welcome.');
  await it.call.untilEvent('bot-started-speaking');
  // In the middle of a sentence.
  await it.clock.until(it.call.runner.endSession(it.call.sessionId));
  const [events, packets] = [it.call.events.length, it.call.packets.length];
  await it.clock.advance(60_000);
  expect(it.call.events.slice(events)).toEqual([]);
  expect(it.call.packets).toHaveLength(packets);
});

it('no agent is called into a call that ended while its floor was on the way', async () => {
  const clock = new FakeClock();
  await using it = await startCallWithAgents({ clock, agents: {} });
  // Nobody serves it yet, so it is waited for.
  const activated = it.call.activate('agent').catch((thrown: unknown) => thrown);
  await clock.advance(100);
  await it.call.hangUp();
  const events = it.call.events.length;
  await using late = await startCallWithAgents({
    clock,
    bus: it.bus,
    sessionId: 'another',
    agents: { agent },
  });
  await clock.advance(5_000);
  expect(await activated).toMatchObject({ code: 'session-ended' });
  expect(late.agents.sessions).toBe(0);
  expect(it.call.events.slice(events)).toEqual([]);
});

it.each(['prepare', 'activate'] as const)(
  'nothing is told of a handoff whose %s was unanswered when the call ended',
  async (kind) => {
    const greeter: TestAgent = {
      handoffs: [{ agent: 'support', when: 'problems' }],
      replies: (request) =>
        lastWords(request).includes('support')
          ? transfer('support', 'The lamp is broken.', 'I connect you now.')
          : 'Hello there.',
    };
    await using it = await startCallWithAgents({ agents: { greeter, support: agent } });
    await it.call.activate('greeter', 'Welcome.');
    await it.call.untilHeard('Hello there.');
    const { bus } = it.call.runner;
    const send = bus.send.bind(bus);
    let isAsked = false;
    bus.send = (options) => {
      if (options.kind !== kind) return send(options);
      isAsked = true;
      return 'lost on its way';
    };
    await it.call.type('support please');
    await it.call.until(() => isAsked, 'support to be asked');
    await it.call.hangUp();
    const events = it.call.events.length;
    await it.clock.advance(5_000);
    expect(it.call.events.slice(events)).toEqual([]);
    expect(it.call.eventsOf('handoff-failed')).toEqual([]);
    expect(it.agents.sessions).toBe(0);
  },
);

it('that nobody takes over a call which ended meanwhile is no fault of its runner', async () => {
  const bus = new LocalBus({ mode: 'frozen' });
  const problems: string[] = [];
  await using it = await startCallWithAgents({
    bus,
    agents: { agent },
    runner: { onProblem: (what) => problems.push(what) },
  });
  await it.call.activate('agent', 'Welcome.');
  bus.cut(it.agents.incarnation);
  await it.call.until(
    () => it.call.eventsOf('handoff-requested').length === 2,
    'somebody else to be looked for',
  );
  await it.call.hangUp();
  await it.clock.advance(5_000);
  expect(problems).toEqual([]);
});
