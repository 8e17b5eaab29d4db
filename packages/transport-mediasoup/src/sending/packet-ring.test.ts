import { expect, test } from 'vitest';
import { PacketRingReader, PacketRingWriter } from './packet-ring.ts';

const packet = (number: number): Buffer => {
  const bytes = Buffer.alloc(12 + (number % 100), number % 256);
  bytes.writeUInt32BE(number);
  return bytes;
};

test('packets come out as they went in, once they are due', () => {
  const writer = new PacketRingWriter();
  const reader = new PacketRingReader(writer.memory);
  expect(reader.nextDueMs).toBe(Infinity);
  expect(writer.push(packet(1), 20)).toBe('first');
  expect(writer.push(packet(2), 40)).toBe('behind');
  expect(reader.take(19.9)).toBeNull();
  expect(reader.take(20)).toEqual({ packet: packet(1), dueMs: 20 });
  expect(reader.take(20)).toBeNull();
  expect(reader.nextDueMs).toBe(40);
  expect(reader.take(100)).toEqual({ packet: packet(2), dueMs: 40 });
  expect(writer.push(packet(3), 60)).toBe('first');
});

test('full is full, and a packet that is too long is none', () => {
  const writer = new PacketRingWriter();
  const reader = new PacketRingReader(writer.memory);
  // A second of sound behind what is handed over ahead of its time: the reader stood still for so long.
  const pushed = Array.from({ length: 70 }, (_, number) => writer.push(packet(number), number));
  expect(pushed.slice(0, 11 + 50)).not.toContain('full');
  expect(pushed.filter((each) => each === 'full')).toHaveLength(6);
  expect(reader.take(100)?.packet).toEqual(packet(0));
  expect(writer.push(Buffer.alloc(1_500), 100)).toBe('full');
  expect(writer.push(packet(70), 100)).toBe('behind');
});

test('what is not due is taken back, what is due leaves', () => {
  const writer = new PacketRingWriter();
  const reader = new PacketRingReader(writer.memory);
  for (let number = 1; number <= 5; number += 1) writer.push(packet(number), number * 20);
  expect(reader.take(20)?.packet).toEqual(packet(1));
  expect(writer.takeBack(45)).toBe(3);
  expect(writer.takeBack(45)).toBe(0);
  expect(writer.push(packet(6), 60)).toBe('behind');
  expect(reader.take(100)?.packet).toEqual(packet(2));
  expect(reader.take(100)?.packet).toEqual(packet(6));
  expect(reader.take(100)).toBeNull();
});

test('whatever is pushed and taken back in whatever order, each packet leaves once or not at all', () => {
  const writer = new PacketRingWriter();
  const reader = new PacketRingReader(writer.memory);
  let seed = 7;
  const below = (limit: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  let nowMs = 0;
  let dueMs = 0;
  let number = 0;
  const waiting: number[] = [];
  const left: number[] = [];
  const expected: number[] = [];
  for (let step = 0; step < 20_000; step += 1) {
    const what = below(10);
    if (what < 5) {
      dueMs = Math.max(dueMs + 20, nowMs);
      number += 1;
      if (writer.push(packet(number), dueMs) === 'full') dueMs -= 20;
      else waiting.push(number);
    } else if (what < 9) {
      nowMs += below(40);
      const taken = reader.take(nowMs);
      if (taken) {
        left.push(taken.packet.readUInt32BE());
        expected.push(waiting.shift() ?? -1);
      }
    } else {
      const count = writer.takeBack(nowMs);
      if (count > 0) waiting.splice(-count);
      dueMs -= count * 20;
    }
  }
  expect(left.length).toBeGreaterThan(1_000);
  expect(left).toEqual(expected);
});

test('another reader goes on where a broken one was', () => {
  const writer = new PacketRingWriter();
  const broken = new PacketRingReader(writer.memory);
  for (let number = 1; number <= 70; number += 1) {
    writer.push(packet(number), number);
    if (number <= 68) broken.take(number);
  }
  const next = new PacketRingReader(writer.memory);
  expect(next.take(100)?.packet).toEqual(packet(69));
  expect(next.take(100)?.packet).toEqual(packet(70));
});
