import { decodeEnvelope, encodeEnvelope, VoicebusError, type Envelope } from '@voicebus/core';
import { busKinds, type BusKind } from '@voicebus/protocol';
import type { SeededRandom } from '@voicebus/testing';
import { anyBytes, mutatedBytes } from '../garbage/bytes.ts';
import { anyJson, anyText, mutated } from '../garbage/json.ts';
import { bodies } from '../garbage/bus.ts';
import type { Surface } from '../surface.ts';

/** Bytes where a bus message should be: read as what they are, or refused with the reason. */
export const decode: Surface = {
  name: 'decode',
  concurrency: 1,
  open: () =>
    Promise.resolve({
      attack: (random) => Promise.resolve(attack(random)),
      violations: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    }),
};

function attack(random: SeededRandom): string {
  const bytes = anyEnvelopeBytes(random);
  let envelope: Envelope;
  try {
    envelope = decodeEnvelope(bytes);
  } catch (thrown) {
    if (thrown instanceof VoicebusError && thrown.code === 'bad-message') return 'refused';
    throw thrown;
  }
  const { kind, lane } = envelope.message;
  if (busKinds[kind].lane !== lane && kind !== 'acknowledge')
    throw new Error(`${kind} on the ${lane} lane`);
  // What was read once is written and read as the same again.
  const again = decodeEnvelope(encodeEnvelope(envelope));
  if (JSON.stringify(again) !== JSON.stringify(envelope)) throw new Error('read differently');
  return 'read';
}

function anyEnvelopeBytes(random: SeededRandom): Buffer {
  if (random.next() < 0.1) return anyBytes(random, random.between(0, 300));
  const kind = random.pick(Object.keys(busKinds) as BusKind[]);
  const body = random.next() < 0.5 ? bodies[kind] : mutated(bodies[kind], random);
  const envelope = {
    message: {
      id: anyText(random),
      kind,
      lane: busKinds[kind].lane,
      channel: 'voicebus',
      sessionId: anyText(random),
      source: { incarnation: anyText(random), worker: 'one' },
      target: { incarnation: 'two', worker: anyText(random) },
      wallMs: random.pick([0, 1.5, NaN, -1, 1e308]),
      epoch: random.between(0, 5),
      body: random.next() < 0.05 ? anyJson(random) : body,
    },
    sequence: random.pick([0, 1, 2 ** 32 - 1]),
    acknowledged: random.pick([0, 1, 2 ** 32 - 1]),
  } as unknown as Envelope;
  const bytes = encodeEnvelope(envelope);
  return random.next() < 0.5 ? mutatedBytes(bytes, random) : bytes;
}
