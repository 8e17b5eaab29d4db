import { encodeEnvelope, type AnyBusMessage, type RunnerBus } from '@voicebus/core';
import type { BusBody } from '@voicebus/protocol';
import { channel, incarnations, nowMs, sessionName, type BenchTask } from './bench-task.ts';

/** 20 ms of 24 kHz. */
export const audioBytes = 960;

const token = { turnId: 'turn-1k2x9a-3f', messageId: 'message-1k2x9a-4g', text: ' word' };

/** What a new holder is told: twenty messages of a conversation, 4 KB. */
const activation: BusBody<'activate'> = {
  handoffId: 'handoff-1k2x9a-9',
  traceId: 'handoff-1k2x9a-9',
  bridge: null,
  context: {
    version: 20,
    messages: Array.from({ length: 20 }, (_, index) => ({
      id: `message-1k2x9a-${index}`,
      role: 'user' as const,
      content: 'I would like to know where my order is, please. '.repeat(3),
    })),
  },
  runTurnId: 'turn-1k2x9a-3f',
  state: {},
};

/** Throws `queue-full` when the link's bound is reached. */
export function sendMessage(bus: RunnerBus, kind: BenchTask['kind'], session: number): void {
  const way = {
    sessionId: sessionName(session),
    from: 'greeter',
    to: { incarnation: incarnations.receiver, worker: 'main' },
    epoch: 1,
  };
  if (kind === 'activation') bus.send({ ...way, kind: 'activate', body: activation });
  else bus.send({ ...way, kind: 'response-text', body: token });
}

/** How long a raw message has to be to carry as much. */
export function rawBytes(kind: BenchTask['kind']): number {
  if (kind === 'audio') return 16 + audioBytes;
  const message = {
    id: 'message-1k2x9a-4g',
    kind: kind === 'activation' ? 'activate' : 'response-text',
    lane: 'ordered',
    channel,
    sessionId: sessionName(0),
    source: { incarnation: incarnations.sender, worker: 'greeter' },
    target: { incarnation: incarnations.receiver, worker: 'main' },
    wallMs: nowMs(),
    epoch: 1,
    body: kind === 'activation' ? activation : token,
  } as AnyBusMessage;
  const place = { channel, incarnation: incarnations.receiver };
  return 4 + encodeEnvelope({ message, sequence: 1, acknowledged: 0 }, place).length;
}
