import { FakeClock, lastWords, startCallWithAgents, type TestAgent } from '@voicebus/testing';
import { expect, it } from 'vitest';
import { Worker } from '../workers/worker.ts';

const agent: TestAgent = { replies: (request) => `You said ${lastWords(request)}.` };

it('an agent that is deactivated holds the floor no more, and the next words find one that does', async () => {
  await using it = await startCallWithAgents({
    fallbackAgent: 'greeter',
    agents: { greeter: agent },
  });
  await it.call.activate('greeter', 'Welcome.');
  await it.call.untilHeard('You said Welcome.');
  await it.clock.until(it.call.main.deactivateWorker('greeter'));
  await it.clock.settle();
  expect(it.call.bridge.owner.holder).toBe(null);
  expect(it.agents.getWorker('greeter', it.call.sessionId)?.active).toBe(false);
  // Twice is once, and nobody is called for before there is something to say.
  await it.clock.until(it.call.main.deactivateWorker('greeter'));
  await it.clock.advance(2_000);
  expect(it.call.bridge.owner.floor.epoch).toBe(2);
  const askedMs = it.clock.now();
  await it.call.type('hello again');
  await it.call.untilHeard('You said hello again.');
  // Long before anybody would have called it an answer that did not come.
  expect(it.clock.now() - askedMs).toBeLessThan(3_000);
  expect(it.call.eventsOf('problem')).toEqual([]);
});

it('nobody but the owner of a session deactivates who speaks in it', async () => {
  const clock = new FakeClock();
  await using it = await startCallWithAgents({ clock, agents: { greeter: agent } });
  await it.call.activate('greeter', 'Welcome.');
  const other = new Worker('other', { sessionId: it.call.sessionId });
  await clock.until(it.agents.addWorkers(other));
  await expect(clock.until(other.deactivateWorker('greeter'))).rejects.toMatchObject({
    code: 'floor-held',
  });
  // Nor by a message of its own making.
  const greeter = it.agents.getWorker('greeter', it.call.sessionId);
  it.agents.bus.send({
    kind: 'deactivate',
    sessionId: it.call.sessionId,
    from: 'other',
    to: { incarnation: it.agents.incarnation, worker: 'greeter' },
    body: {},
  });
  await clock.settle();
  expect(greeter?.active).toBe(true);
  await it.call.type('are you there');
  await it.call.untilHeard('You said are you there.');
});
