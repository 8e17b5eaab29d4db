import type { AnyBusMessage, Envelope } from '@voicebus/core';
import { expect, it } from 'vitest';
import { Piece, readPiece } from './piece.ts';

const place = { channel: 'acme', incarnation: 'two' };

function envelope(sequence: number, fields: Partial<AnyBusMessage> = {}): Envelope {
  const message = {
    id: `message-${sequence}`,
    kind: 'response-text',
    lane: 'ordered',
    channel: 'acme',
    sessionId: 'session',
    source: { incarnation: 'one', worker: 'greeter' },
    target: { incarnation: 'two', worker: 'main' },
    wallMs: 5,
    epoch: 2,
    body: { turnId: 'turn', messageId: 'message', text: ' word' },
    ...fields,
  } as AnyBusMessage;
  return { message, sequence, acknowledged: 0 };
}

const bytesOf = ({ parts }: Piece): Buffer => Buffer.concat(parts);

function read(bytes: Buffer): { readonly envelopes: Envelope[]; readonly malformed: number } {
  const envelopes: Envelope[] = [];
  let malformed = 0;
  readPiece(bytes, 'acme', {
    incarnation: 'two',
    onMessage: (each) => envelopes.push(each),
    onMalformed: () => (malformed += 1),
  });
  return { envelopes, malformed };
}

it('carries messages together, whose later ones are small', () => {
  const piece = new Piece(place);
  const sent = [
    envelope(1),
    envelope(2),
    envelope(3, { sessionId: 'other' }),
    envelope(1, { kind: 'worker-cancel', lane: 'urgent', body: { reason: 'x' } }),
  ];
  const sizes = sent.map((each) => piece.add(each));
  expect(read(bytesOf(piece))).toEqual({ envelopes: sent, malformed: 0 });
  expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) - 20);
  expect(piece.bytes).toBe(bytesOf(piece).length);
});

it('is full at 64 messages or 16 KB', () => {
  const many = new Piece(place);
  for (let count = 0; count < 64; count += 1) {
    expect(many.isOpen).toBe(true);
    many.add(envelope(count));
  }
  expect(many.isOpen).toBe(false);
  const large = new Piece(place);
  large.add(envelope(1, { kind: 'custom', body: { name: 'x', body: 'y'.repeat(17_000) } }));
  expect(large.isOpen).toBe(false);
});

it('is as before when a message is too large for it', () => {
  const piece = new Piece(place);
  piece.add(envelope(1));
  const huge = envelope(2, { kind: 'custom', body: { name: 'x', body: 'y'.repeat(300_000) } });
  expect(() => piece.add(huge)).toThrow(expect.objectContaining({ code: 'too-large' }));
  piece.add(envelope(2));
  expect(read(bytesOf(piece)).envelopes.map(({ sequence }) => sequence)).toEqual([1, 2]);
});

it('skips what cannot be read, with its number where it has one, and goes on behind it', () => {
  const parts = [1, 2, 3].map((sequence) => {
    const piece = new Piece(place);
    piece.add(envelope(sequence));
    return bytesOf(piece);
  });
  parts[1]?.writeUInt8(250, 4 + 1);
  const { envelopes, malformed } = read(Buffer.concat(parts));
  expect(envelopes.map(({ message, sequence }) => [message.kind, sequence])).toEqual([
    ['response-text', 1],
    ['acknowledge', 2],
    ['response-text', 3],
  ]);
  expect(malformed).toBe(0);
  parts[1]?.writeUInt8(9, 4);
  expect(read(Buffer.concat(parts))).toMatchObject({ malformed: 1 });
  expect(read(Buffer.concat(parts)).envelopes).toHaveLength(2);
});

it('never crashes on garbage', () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff);
  for (let round = 0; round < 2_000; round += 1) {
    const bytes = Buffer.from(Array.from({ length: random() % 80 }, () => random() & 0xff));
    if (round % 2 === 0 && bytes.length > 6) bytes.set([0, 0, 0, bytes.length - 4, 1, 31], 0);
    const { envelopes, malformed } = read(bytes);
    expect(envelopes.length + malformed).toBeGreaterThan(bytes.length > 0 ? 0 : -1);
  }
});
