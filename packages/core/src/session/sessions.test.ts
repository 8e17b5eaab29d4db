import { FakeClock, lastWords, startCallWithAgents, type TestAgent } from '@voicebus/testing';
import { expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';

const parrot: TestAgent = {
  handoffs: [{ agent: 'other', when: 'asked' }],
  replies: (request) => `${request.sessionId} heard ${lastWords(request)}.`,
};

it('two sessions of one deployment hear, see and end nothing of each other', async () => {
  const clock = new FakeClock();
  const bus = new LocalBus({ mode: 'encoded' });
  await using first = await startCallWithAgents({
    clock,
    bus,
    sessionId: 'first',
    runnerName: 't1',
    agents: { parrot },
  });
  await using second = await startCallWithAgents({
    clock,
    bus,
    sessionId: 'second',
    runnerName: 't2',
    agents: {},
  });
  await first.call.activate('parrot', 'a');
  await second.call.activate('parrot', 'b');
  // One process serves both.
  expect(first.agents.sessions).toBe(2);
  for (let round = 0; round < 5; round += 1) {
    await first.call.type(`one ${round}`);
    await second.call.type(`two ${round}`);
    await first.call.untilHeard(`first heard one ${round}.`);
    await second.call.untilHeard(`second heard two ${round}.`);
  }
  expect(first.call.transcript.join()).not.toMatch(/second|two/);
  expect(second.call.transcript.join()).not.toMatch(/first|one/);
  expect(first.call.context.messages.some(({ content }) => content.includes('two'))).toBe(false);
  for (const request of first.models['parrot']?.requests ?? []) {
    expect(JSON.stringify(request.messages)).not.toContain(
      request.sessionId === 'first' ? 'two' : 'one ',
    );
  }

  await clock.until(first.call.runner.endSession('first'));
  await clock.settle();
  expect(first.agents.sessions).toBe(1);
  await second.call.type('still there');
  await second.call.untilHeard('second heard still there.');
  expect(second.call.eventsOf('session-ended')).toEqual([]);
});

it('a caller who reads is answered in text that counts as heard when it is shown', async () => {
  await using it = await startCallWithAgents({ isAudible: false, agents: { parrot } });
  await it.call.activate('parrot', 'hello');
  await it.call.untilHeard('session-1 heard hello.');
  expect(it.call.packets).toEqual([]);
  expect(it.call.eventsOf('handoff-active')).toHaveLength(1);
  await it.call.type('you there');
  await it.call.untilHeard('session-1 heard you there.');
  expect(it.call.eventsOf('turn-ended').every(({ interrupted }) => !interrupted)).toBe(true);
});
