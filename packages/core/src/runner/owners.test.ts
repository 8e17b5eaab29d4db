import { startCallWithAgents, type CallWithAgents } from '@voicebus/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';

let bus: LocalBus;
let started: CallWithAgents;

beforeEach(async () => {
  bus = new LocalBus({ mode: 'frozen' });
  started = await startCallWithAgents({
    bus,
    agents: { greeter: { replies: () => 'Hello there.' } },
  });
  await started.call.activate('greeter');
  await started.call.untilHeard('Hello there.');
});
afterEach(() => started[Symbol.asyncDispose]());

describe('a session whose owner is gone', () => {
  it('is ended by its agents a minute after the owner was lost', async () => {
    const { agents, call, clock } = started;
    expect(agents.sessions).toBe(1);
    bus.cut(call.runner.incarnation);
    await clock.advance(30_000);
    expect(agents.sessions).toBe(1);
    await clock.advance(35_000);
    expect(agents.sessions).toBe(0);
    expect(agents.leaks()).toEqual([]);
  });

  it('is kept for an owner that was only cut off', async () => {
    const { agents, call, clock } = started;
    const { incarnation } = call.runner;
    const record = call.runner.record();
    bus.cut(incarnation);
    await clock.advance(30_000);
    agents.registry.heard(record);
    await clock.advance(40_000);
    // Lost again by now, and the minute began anew.
    expect(agents.sessions).toBe(1);
  });
});
