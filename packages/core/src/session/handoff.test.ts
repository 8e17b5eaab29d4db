import {
  encodeWords,
  lastWords,
  startCallWithAgents,
  transfer,
  type TestAgent,
} from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tool } from '../model/tool.ts';
import { Worker } from '../workers/worker.ts';

const toSupport = [{ agent: 'support', when: 'problems' }];

const greeter: TestAgent = {
  handoffs: [...toSupport, { agent: 'nobody', when: 'never' }],
  replies: (request) => {
    const words = lastWords(request);
    if (words.startsWith('Welcome')) return 'Hello there.';
    if (request.messages.at(-1)?.role === 'tool') return 'I am still here for you.';
    if (words.includes('nobody')) return transfer('nobody', 'go', 'One moment.');
    if (words.includes('support'))
      return transfer('support', 'The lamp is broken.', 'I connect you now.');
    return `Greeter heard ${words}.`;
  },
};
const support: TestAgent = {
  voice: 'deep',
  replies: (request) => {
    const words = lastWords(request);
    return words.startsWith('The lamp')
      ? 'Support here, about your lamp.'
      : `Support heard ${words}.`;
  },
};

describe('a handoff', () => {
  it('is prepared first, accepted once the epoch moved, and answered by exactly one agent', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.type('support please');
    await it.call.untilHeard('about your lamp.');
    const [, handoff] = it.call.eventsOf('handoff-accepted');
    expect(handoff).toMatchObject({ from: 'greeter', to: 'support', epoch: 2 });
    expect(it.call.bridge.owner.floor.epoch).toBe(2);
    expect(it.models['support']?.requests[0]?.messages.at(-1)).toMatchObject({
      role: 'developer',
      content: 'The lamp is broken.',
    });
    expect(it.models['greeter']?.requests).toHaveLength(2);
    expect(it.call.bridge.owner.counters).toEqual({ fenced: 0, voided: 0 });
  });

  it('goes on in a process that drains: its calls go on to their end', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    it.agents.drain();
    await it.call.type('support please');
    await it.call.untilHeard('about your lamp.');
    expect(it.agents.record().state).toBe('draining');
    expect(it.call.eventsOf('handoff-failed')).toEqual([]);
  });

  it('refuses what an old holder says under its old epoch', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.untilHeard('Hello there.');
    const { owner } = it.call.bridge;
    const old = owner.floor.holder;
    await it.call.type('support please');
    await it.call.untilHeard('about your lamp.');
    const agent = it.agents.getWorker('greeter', it.call.sessionId);
    if (!agent || !old) throw new Error('no greeter');
    it.agents.bus.send({
      kind: 'response-text',
      sessionId: it.call.sessionId,
      from: 'greeter',
      to: { incarnation: it.call.runner.incarnation, worker: it.call.bridge.name },
      body: { turnId: 'any', messageId: 'any', text: 'I am still talking' },
      epoch: 1,
    });
    await it.clock.advance(1_000);
    expect(owner.counters.fenced).toBe(1);
    expect(it.call.transcript.join()).not.toContain('still talking');
  });

  it('plays the announcement out before the second voice starts', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.type('support please');
    await it.call.untilHeard('about your lamp.');
    const announced = it.call.heard.find(({ text }) => text.startsWith('I connect'));
    expect(announced).toMatchObject({
      agent: 'greeter',
      text: 'I connect you now.',
      interrupted: false,
    });
    const firstOfSupport = it.call.packets.findIndex(({ agent }) => agent === 'support');
    expect(it.call.packets.slice(firstOfSupport).every(({ agent }) => agent === 'support')).toBe(
      true,
    );
    // 18 characters at 50 ms each, in packets of 20 ms: nothing of it was lost.
    const ofAnnouncement = it.call.packets
      .slice(0, firstOfSupport)
      .filter(({ messageId }, _, all) => messageId === all.at(-1)?.messageId);
    expect(ofAnnouncement).toHaveLength(45);
  });

  it('to nobody fails in bounded time, and the holder tells the caller', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    const before = it.clock.now();
    await it.call.type('give me nobody');
    await it.call.untilEvent('handoff-failed');
    expect(it.clock.now() - before).toBeLessThan(1_500);
    await it.call.untilHeard('I am still here for you.');
    expect(it.call.bridge.owner.holder).toBe('greeter');
    const result = it.call.context.messages.find(({ role }) => role === 'tool');
    expect(result).toMatchObject({ status: 'error' });
    expect(result?.content).toContain('No worker named nobody is ready');
    await it.call.type('good');
    await it.call.untilHeard('Greeter heard good.');
  });

  it('to an agent that dies in between gives the floor back within 1.5 s', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.untilHeard('Hello there.');
    // It prepares, and then never hears its activation.
    const { bus } = it.call.runner;
    const send = bus.send.bind(bus);
    bus.send = (options) =>
      options.kind === 'activate' && options.to.worker === 'support' ? '' : send(options);
    const before = it.clock.now();
    await it.call.type('support please');
    await it.call.untilEvent('handoff-failed');
    expect(it.clock.now() - before).toBeLessThan(1_500);
    expect(it.call.bridge.owner.holder).toBe('greeter');
    await it.call.untilHeard('I am still here for you.');
    // The reason was for the other agent; it is not left lying in the conversation.
    expect(it.call.context.messages.some(({ content }) => content === 'The lamp is broken.')).toBe(
      false,
    );
    expect(it.call.transcript.join()).not.toContain('Support');
    // What failed does not become a handoff by what the caller hears next.
    const [failed] = it.call.eventsOf('handoff-failed');
    const active = it.call.eventsOf('handoff-active').map(({ handoffId }) => handoffId);
    expect(active).not.toContain(failed?.handoffId);
  });

  it('goes on when the caller speaks in between: the new agent knows the reason and answers once', async () => {
    await using it = await startCallWithAgents({
      agents: { greeter, support },
    });
    await it.call.activate('greeter');
    await it.call.untilHeard('Hello there.');
    await it.call.type('support please');
    await it.call.type('it is the blue one');
    await it.call.untilHeard('Support heard it is the blue one.');
    const asked = it.models['support']?.requests ?? [];
    expect(asked.at(-1)?.messages.map(({ content }) => content)).toContain('The lamp is broken.');
    await it.clock.advance(3_000);
    expect(it.call.transcript.filter((line) => line.includes('blue one'))).toHaveLength(1);
  });

  it('goes on when the caller speaks while the activation is on its way: support has its reason and its tools', async () => {
    const look = tool({ description: 'Looks.', parameters: z.object({}), execute: () => ({}) });
    await using it = await startCallWithAgents({
      agents: { greeter, support: { ...support, tools: { look } } },
    });
    await it.call.activate('greeter');
    await it.call.untilHeard('Hello there.');
    // As over a slow bus: the caller begins to speak before support hears that it is its turn.
    const { bus } = it.call.runner;
    const send = bus.send.bind(bus);
    let isOnItsWay = false;
    bus.send = (options) => {
      if (options.kind !== 'activate' || options.to.worker !== 'support') return send(options);
      isOnItsWay = true;
      it.clock.after(200, () => send(options));
      return 'on its way';
    };
    await it.call.type('support please');
    await it.call.until(() => isOnItsWay, 'the activation to be sent');
    await it.call.say('it is the blue one');
    await it.call.untilHeard('Support heard it is the blue one.');
    await it.clock.advance(5_000);
    expect(it.call.eventsOf('handoff-failed')).toEqual([]);
    const asked = it.models['support']?.requests.at(-1);
    expect(asked?.messages.map(({ content }) => content)).toContain('The lamp is broken.');
    expect(asked?.tools.map(({ name }) => name)).toContain('look');
    expect(it.call.transcript.filter((line) => line.includes('blue one'))).toHaveLength(1);
    expect(it.models['greeter']?.requests).toHaveLength(2);
  });

  it.each([
    [
      'words, which it answers',
      encodeWords('it is the blue one'),
      'Support heard it is the blue one.',
    ],
    [
      'a cough, and then says what it wanted to',
      new Int16Array(6_400).fill(0x1000),
      'about your lamp.',
    ],
  ])('that takes the floor while the caller speaks waits for %s', async (_, sound, answer) => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.untilHeard('Hello there.');
    await it.clock.advance(1_000);
    it.call.speak(sound);
    await it.clock.advance(200);
    await it.call.type('support please');
    await it.call.untilHeard(answer);
    await it.clock.advance(3_000);
    expect(it.call.transcript.filter((line) => line.startsWith('support'))).toHaveLength(1);
    expect(it.models['support']?.requests).toHaveLength(1);
  });

  it('to itself deactivates, then activates with the new arguments', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.untilHeard('Hello there.');
    const worker = it.agents.getWorker('greeter', it.call.sessionId);
    const seen: string[] = [];
    const spied = worker as unknown as { onActivated(args: unknown): void; onDeactivated(): void };
    const [activated, deactivated] = [
      spied.onActivated.bind(worker),
      spied.onDeactivated.bind(worker),
    ];
    spied.onActivated = (args) => (seen.push(`activated ${JSON.stringify(args)}`), activated(args));
    spied.onDeactivated = () => (seen.push('deactivated'), deactivated());
    await it.clock.until(
      it.call.main.activateWorker('greeter', { args: { metadata: { again: true } } }),
    );
    expect(seen).toEqual(['deactivated', 'activated {"metadata":{"again":true}}']);
    expect(worker?.active).toBe(true);
    expect(worker?.activationArgs).toEqual({ metadata: { again: true } });
  });

  it('makes the model see only the tools of the agent that speaks', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.type('support please');
    await it.call.untilHeard('about your lamp.');
    const names = (agent: string) =>
      it.models[agent]?.requests.at(-1)?.tools.map(({ name }) => name);
    expect(names('greeter')).toContain('transfer_to_agent');
    // Support has none of its own: what every agent has, and nothing of the greeter's.
    expect(names('support')).toEqual(['end_call', 'offer_suggestions']);
  });
});

describe('the floor', () => {
  it('is not taken from a holder that does not give it up', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.untilHeard('Hello there.');
    const worker = it.agents.getWorker('greeter', it.call.sessionId);
    await expect(
      it.clock.until(worker?.activateWorker('support') ?? Promise.resolve()),
    ).rejects.toMatchObject({ code: 'floor-held' });
    expect(it.call.bridge.owner.holder).toBe('greeter');
  });

  it('lets nobody speak who does not hold it, whatever is queued on them', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.type('support please');
    await it.call.untilHeard('about your lamp.');
    const requests = it.models['greeter']?.requests.length;
    it.agents.bus.send({
      kind: 'turn-request',
      sessionId: it.call.sessionId,
      from: 'anybody',
      to: { incarnation: it.agents.incarnation, worker: 'greeter' },
      body: { turnId: 'forged', baseVersion: 0, version: 0, operations: [] },
    });
    await it.clock.advance(2_000);
    expect(it.models['greeter']?.requests).toHaveLength(requests ?? 0);
    await it.call.type('and now');
    await it.call.untilHeard('Support heard and now.');
    expect(it.models['greeter']?.requests).toHaveLength(requests ?? 0);
  });

  it('has one holder also when two agents are active by mistake: one answers, and no message goes round', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    await it.call.activate('greeter');
    await it.call.type('support please');
    await it.call.untilHeard('about your lamp.');
    // Somebody in the greeter's process activates it again, and has it answer.
    await it.clock.until(
      it.agents.addWorkers(new Worker('careless', { sessionId: it.call.sessionId })),
    );
    const context = it.call.context.snapshot();
    it.agents.bus.send({
      kind: 'activate',
      sessionId: it.call.sessionId,
      from: 'careless',
      to: { incarnation: it.agents.incarnation, worker: 'greeter' },
      body: {
        handoffId: 'mistake',
        traceId: 'mistake',
        bridge: null,
        context,
        runTurnId: 'mistake',
        state: {},
      },
    });
    await it.clock.settle();
    const active = ['greeter', 'support'].map(
      (name) => it.agents.getWorker(name, it.call.sessionId)?.active,
    );
    expect(active).toEqual([true, true]);
    const sent = (): number => it.agents.bus.counters.sent + it.call.runner.bus.counters.sent;
    const before = sent();
    await it.call.type('and now');
    await it.call.untilHeard('Support heard and now.');
    await it.clock.advance(20_000);
    expect(it.call.transcript.filter((line) => line.includes('and now'))).toHaveLength(1);
    expect(it.call.transcript.at(-1)).toMatch(/^support: /);
    // A request, its answer word by word, what stands around them, and the wait for a silent caller.
    expect(sent() - before).toBeLessThan(40);
  });

  it('moves to a turn that was asked for right after the activation', async () => {
    await using it = await startCallWithAgents({ agents: { greeter, support } });
    const activated = it.call.activate('greeter');
    await it.call.type('quick question');
    await activated;
    await it.call.untilHeard('Greeter heard quick question.');
  });

  it('is given up with a word to the caller when its holder is gone and nobody else is there', async () => {
    await using it = await startCallWithAgents({
      agents: {
        greeter: {
          replies: (request) =>
            lastWords(request).startsWith('The agent before')
              ? 'Where were we?'
              : 'A long sentence that goes on and on.',
        },
      },
      fallbackAgent: 'greeter',
    });
    await it.call.activate('greeter');
    await it.clock.advance(1_000);
    await it.clock.until(it.agents.cancel());
    await it.call.untilEvent('problem');
    expect(it.call.eventsOf('problem')[0]).toMatchObject({ code: 'no-agent' });
  });
});
