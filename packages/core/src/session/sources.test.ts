import { busKinds, type BusBody, type BusKind } from '@voicebus/protocol';
import { startCallWithAgents, type CallWithAgents } from '@voicebus/testing';
import { expect, it } from 'vitest';
import type { AnyBusMessage } from '../bus/envelope.ts';

interface Claim<Kind extends BusKind> {
  readonly kind: Kind;
  readonly body: BusBody<Kind>;
  readonly to: { readonly incarnation: string; readonly worker: string };
}

/** A runner of the same channel that nobody has asked for anything. */
async function stranger({ bus, call }: CallWithAgents) {
  const member = await bus.join({
    incarnation: 'stranger',
    receive: () => {},
    onRecord: () => {},
    onLeft: () => {},
    onLink: () => {},
  });
  let sequence = 0;
  return <Kind extends BusKind>({ kind, body, to }: Claim<Kind>): void => {
    sequence += 1;
    const { lane } = busKinds[kind];
    const message = {
      id: `claim-${sequence}`,
      kind,
      lane,
      channel: bus.channel,
      sessionId: call.sessionId,
      source: { incarnation: 'stranger', worker: 'greeter' },
      target: to,
      wallMs: 0,
      epoch: call.bridge.owner.floor.epoch,
      body,
    } as unknown as AnyBusMessage;
    member.send({ message, sequence, acknowledged: 0 });
  };
}

const start = () => startCallWithAgents({ agents: { greeter: { replies: () => 'I hear you.' } } });

it('keeps no state and shows nothing to the caller for somebody that it never gave the floor to', async () => {
  await using set = await start();
  await set.call.activate('greeter', 'hello');
  const claim = await stranger(set);
  const { owner } = set.call.bridge;
  const shown: string[] = [];
  owner.onClientMessage = (name) => void shown.push(name);
  const to = { incarnation: set.call.runner.incarnation, worker: owner.options.name };
  claim({ kind: 'state-update', body: { patch: { order: 'FORGED' } }, to });
  claim({ kind: 'client-message', body: { name: 'forged', payload: null }, to });
  await set.clock.settle();
  expect(owner.state).toEqual({});
  expect(shown).toEqual([]);
  expect(owner.counters.fenced).toBe(2);
});

it('ends a session, or a worker of it, for nobody but its owner and its own process', async () => {
  await using set = await start();
  await set.call.activate('greeter', 'hello');
  await set.call.untilHeard('I hear you.');
  const claim = await stranger(set);
  const { incarnation } = set.agents;
  claim({
    kind: 'session-ended',
    body: { reason: 'failed' },
    to: { incarnation, worker: 'session' },
  });
  claim({ kind: 'worker-end', body: {}, to: { incarnation, worker: 'greeter' } });
  claim({ kind: 'worker-cancel', body: {}, to: { incarnation, worker: 'greeter' } });
  await set.clock.advance(2_000);
  expect(set.agents.sessions).toBe(1);
  await set.call.runner.endSession(set.call.sessionId);
  await set.clock.advance(100);
  expect(set.agents.sessions).toBe(0);
});

it('keeps at most 64 KB of state, and says what did not fit', async () => {
  await using set = await start();
  await set.call.activate('greeter', 'hello');
  const { owner } = set.call.bridge;
  const agent = set.agents.getWorker('greeter', set.call.sessionId);
  const keep = (patch: Record<string, unknown>): string | undefined =>
    agent?.host.bus.send({
      kind: 'state-update',
      sessionId: set.call.sessionId,
      from: 'greeter',
      to: { incarnation: set.call.runner.incarnation, worker: owner.options.name },
      body: { patch },
    });
  keep({ order: 'A-17' });
  keep({ notes: 'x'.repeat(66_000) });
  await set.clock.settle();
  expect(owner.state).toEqual({ order: 'A-17' });
  expect(set.call.eventsOf('problem').map(({ code }) => code)).toEqual(['too-large']);
});
