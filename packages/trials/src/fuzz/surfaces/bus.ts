import type { Bus, BusMembership, Envelope, JoinOptions } from '@voicebus/core';
import { LocalBus } from '@voicebus/core';
import { busKinds, type BusKind } from '@voicebus/protocol';
import {
  Conversation,
  startCallWithAgents,
  type CallWithAgents,
  type SeededRandom,
} from '@voicebus/testing';
import { bodies } from '../garbage/bus.ts';
import { anyText, mutated } from '../garbage/json.ts';
import type { Surface } from '../surface.ts';

/** Messages of runners that nobody knows, replays, and claims to hold the floor, at calls that go on. */
export const bus: Surface = {
  name: 'bus',
  concurrency: 1,
  open: () =>
    Promise.resolve({
      attack,
      violations: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    }),
};

/** The way of an envelope as the sender sends it, kept to be sent again by somebody else. */
class TappedBus implements Bus {
  readonly channel: string;
  readonly seen: Envelope[] = [];
  readonly #bus = new LocalBus({ mode: 'encoded' });

  constructor() {
    this.channel = this.#bus.channel;
  }

  async join(options: JoinOptions): Promise<BusMembership> {
    const membership = await this.#bus.join(options);
    return {
      ...membership,
      send: (envelope) => {
        this.seen.push(envelope);
        membership.send(envelope);
      },
    };
  }

  /** A runner that never said who it is, and listens to nothing. */
  intruder(): Promise<BusMembership> {
    return this.#bus.join({
      incarnation: 'intruder',
      receive: () => {},
      onRecord: () => {},
      onLeft: () => {},
      onLink: () => {},
    });
  }
}

/** A call with its agents, hundreds of bad messages, and a caller who is answered all the same. */
async function attack(random: SeededRandom): Promise<string> {
  const tapped = new TappedBus();
  const set = await startCallWithAgents({
    bus: tapped,
    sessionId: 'first',
    fallbackAgent: 'greeter',
    agents: {
      greeter: { replies: () => 'I hear you.' },
      support: { replies: () => 'I hear you.' },
    },
  });
  const beside = new Conversation({
    clock: set.clock,
    bus: tapped,
    sessionId: 'second',
    runnerName: 'beside',
  });
  await beside.start();
  const intruder = await tapped.intruder();
  try {
    await Promise.all([set.call.activate('greeter'), beside.activate('greeter')]);
    for (let count = random.between(20, 400); count > 0; count -= 1) {
      const envelope = anyEnvelope(tapped.seen, set, random);
      if (envelope) intruder.send(envelope);
      if (random.next() < 0.05) await set.call.type('are you there');
      if (random.next() < 0.2) await set.clock.advance(random.between(0, 60));
    }
    await mustAnswer(set.call);
    await mustAnswer(beside);
    const { fenced } = set.call.bridge.owner.counters;
    return fenced > 0 ? 'answered, acts fenced' : 'answered';
  } finally {
    await intruder.leave();
    await beside.close();
    await set[Symbol.asyncDispose]();
  }
}

async function mustAnswer(call: Conversation): Promise<void> {
  const before = call.heard.length;
  await call.clock.advance(5_000);
  await call.type('hello');
  await call.until(() => call.heard.length > before, `an answer in ${call.sessionId}`, 20_000);
  const forged = call.transcript.find((line) => line.includes('FORGED'));
  if (forged !== undefined) throw new Error(`the caller heard ${forged}`);
}

/** Null when there is nothing to replay yet. */
function anyEnvelope(
  seen: readonly Envelope[],
  { call, agents }: CallWithAgents,
  random: SeededRandom,
): Envelope | null {
  // Byte for byte once more: the link knows its number.
  if (random.next() < 0.3) return seen.length > 0 ? random.pick(seen) : null;
  const kind = random.pick((Object.keys(busKinds) as BusKind[]).filter(isNoGoodbye));
  const known = seen.length > 0 ? random.pick(seen).message.target : undefined;
  const incarnation = random.pick([call.runner.incarnation, agents.incarnation]);
  const stranger = { incarnation, worker: random.pick(['session', 'nobody', anyText(random)]) };
  const message = {
    id: `intruder-${random.between(0, 1_000)}`,
    kind,
    lane: busKinds[kind].lane,
    channel: random.next() < 0.9 ? call.runner.bus.channel : 'elsewhere',
    sessionId: random.pick(['first', 'second', 'third', anyText(random)]),
    source: {
      incarnation: random.pick(['intruder', `intruder-${random.between(0, 10_000)}`]),
      worker: random.pick(['greeter', 'support', 'main', 'nobody']),
    },
    target: known && random.next() < 0.8 ? known : stranger,
    wallMs: 0,
    epoch: random.pick([0, 1, 2, 3, 4_294_967_295]),
    body: bodies[kind],
  };
  const body: unknown = random.next() < 0.3 ? mutated(message.body, random) : message.body;
  // A body that is wrong fails where it is written or read: at the sender, or as a counted drop.
  const isValid = busKinds[kind].body.safeParse(body).success;
  return {
    message: { ...message, body: isValid ? body : message.body },
    sequence: random.pick([0, 1, 1, 2, 3, random.between(0, 300), 4_294_967_295]),
    acknowledged: random.pick([0, 1, 4_294_967_295]),
  } as unknown as Envelope;
}

/** Runners of one channel trust each other with these: they end what they name. */
function isNoGoodbye(kind: BusKind): boolean {
  return !['session-ended', 'worker-end', 'worker-cancel', 'end-request'].includes(kind);
}
