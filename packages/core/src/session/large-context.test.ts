import type { ContextMessage } from '@voicebus/protocol';
import {
  FakeClock,
  lastWords,
  startCallWithAgents,
  transfer,
  type CallWithAgents,
} from '@voicebus/testing';
import { expect, it } from 'vitest';
import type { Bus, BusMembership, JoinOptions } from '../bus/bus.ts';
import { LocalBus } from '../bus/local-bus.ts';

/** 1.1 MB. */
const history: ContextMessage[] = Array.from({ length: 110 }, (_, index) => ({
  id: `history-${index}`,
  role: 'user',
  content: `${index} ${'I would like to know. '.repeat(460)}`,
}));
/** Of what a model was asked, those of the long history. */
const known = (messages: readonly ContextMessage[] = []): readonly ContextMessage[] =>
  messages.filter(({ id }) => id.startsWith('history'));

/** Takes its time with what comes in parts. */
class SlowBus implements Bus {
  readonly channel = 'voicebus';
  readonly #bus = new LocalBus({ mode: 'encoded' });
  readonly #clock: FakeClock;
  partsTakeMs = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  async join(options: JoinOptions): Promise<BusMembership> {
    const membership = await this.#bus.join(options);
    return {
      ...membership,
      send: (envelope) => {
        if (envelope.message.kind === 'part' && this.partsTakeMs > 0)
          this.#clock.after(this.partsTakeMs, () => membership.send(envelope));
        else membership.send(envelope);
      },
    };
  }
}

async function startCall(): Promise<CallWithAgents & { readonly bus: SlowBus }> {
  const clock = new FakeClock();
  const bus = new SlowBus(clock);
  const started = await startCallWithAgents({
    clock,
    bus,
    agents: {
      greeter: {
        handoffs: [{ agent: 'support', when: 'problems' }],
        replies: (request) =>
          lastWords(request).includes('support')
            ? transfer('support', 'The lamp is broken.')
            : 'Hello there.',
      },
      support: {
        replies: (request) =>
          lastWords(request).startsWith('The lamp') ? 'Support here.' : 'I heard that, too.',
      },
    },
  });
  return Object.assign(started, { bus });
}

it('hands a conversation of 1 MB over, and goes on with it', async () => {
  await using it = await startCall();
  await it.call.activate('greeter');
  await it.call.untilHeard('Hello there.');
  // To the greeter it goes as operations of a turn, to support with its activation.
  for (const message of history) it.call.context.append(message);
  await it.call.type('support please');
  await it.call.untilHeard('Support here.');
  expect(known(it.models['greeter']?.requests[1]?.messages)).toEqual(history);
  expect(known(it.models['support']?.requests[0]?.messages)).toEqual(history);
  await it.call.type('and another thing');
  await it.call.untilHeard('I heard that, too.');
  expect(known(it.models['support']?.requests[1]?.messages)).toEqual(history);
  expect(it.call.eventsOf('handoff-failed')).toEqual([]);
});

it('gives a target the time that so much takes', async () => {
  await using it = await startCall();
  await it.call.activate('greeter');
  await it.call.untilHeard('Hello there.');
  for (const message of history) it.call.context.append(message);
  it.bus.partsTakeMs = 550;
  await it.call.type('support please');
  await it.call.untilHeard('Support here.');
  expect(it.call.eventsOf('handoff-failed')).toEqual([]);
});
