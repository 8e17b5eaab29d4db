import {
  defineTestAgent,
  lastWords,
  ScriptedLanguageModel,
  startCallWithAgents,
  type CallWithAgents,
  type ReplyRule,
} from '@voicebus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';
import { WorkerRunner } from '../runner/worker-runner.ts';

const replies: ReplyRule = (request) =>
  lastWords(request).startsWith('The agent before')
    ? 'Where were we?'
    : `A long sentence about ${lastWords(request)} that goes on and on.`;

let bus: LocalBus;
let started: CallWithAgents;
let other: WorkerRunner;

/** A call in the middle of a sentence, and a second process that serves the same role. */
async function speaking(): Promise<void> {
  bus = new LocalBus({ mode: 'frozen' });
  started = await startCallWithAgents({
    bus,
    agents: { greeter: { replies } },
    fallbackAgent: 'greeter',
  });
  const { call, clock } = started;
  await clock.advance(2_000); // one lease after joining nobody doubts anybody
  await call.activate('greeter');
  await call.untilEvent('bot-started-speaking');
  other = new WorkerRunner({ bus, clock, name: 'other' });
  other.serve(defineTestAgent('greeter'), { llm: new ScriptedLanguageModel({ clock, replies }) });
  await other.start();
}

afterEach(async () => {
  await started.clock.until(other.cancel());
  await started[Symbol.asyncDispose]();
});

const holder = (): string | undefined => started.call.bridge.owner.floor.holder?.incarnation;

describe('a holder of the floor that is doubted', () => {
  it('is replaced within milliseconds when it is dead, and the other goes on from what was heard', async () => {
    await speaking();
    const { agents, call, clock } = started;
    bus.cut(agents.incarnation);
    bus.doubt(agents.incarnation);
    const doubtedMs = clock.now();
    await call.until(() => holder() === other.incarnation, 'the other');
    expect(clock.now() - doubtedMs).toBeLessThanOrEqual(20);
    await call.untilHeard('Where were we?');
    expect(call.eventsOf('problem')).toEqual([]);
  });

  it('is told so when it lives after all, says no more, and may have the floor another time', async () => {
    await speaking();
    const { agents, call, clock } = started;
    const doubted = agents.getWorker('greeter', call.sessionId);
    bus.doubt(agents.incarnation);
    await call.untilHeard('Where were we?');
    expect(doubted?.active).toBe(false);
    await clock.advance(1_000); // it has renewed its lease meanwhile
    bus.doubt(other.incarnation);
    await call.until(() => holder() === agents.incarnation, 'the first again');
    await call.type('lamps');
    await call.untilHeard('A long sentence about lamps');
  });

  it('keeps the floor when nobody else could take it', async () => {
    await speaking();
    const { agents, call, clock } = started;
    await clock.until(other.cancel());
    bus.doubt(agents.incarnation);
    await call.type('lamps');
    await call.untilHeard('A long sentence about lamps');
    expect(call.bridge.owner.floor.epoch).toBe(1);
  });

  it('keeps the floor while the one that doubts may be cut off itself', async () => {
    await speaking();
    const { agents, call } = started;
    call.runner.registry.linkChanged(false);
    bus.doubt(agents.incarnation);
    call.runner.registry.linkChanged(true);
    bus.doubt(agents.incarnation); // for one more lease
    await call.type('lamps');
    await call.untilHeard('A long sentence about lamps');
    expect(call.bridge.owner.floor.epoch).toBe(1);
  });
});
