import type { HeardPacket } from '@voicebus/testing/system';
import { expect, test } from 'vitest';
import { packetLateness } from '../report/packet-lateness.ts';
import { audiblePackets, silentAt } from './heard-timing.ts';

const packet = (
  arrivedMs: number,
  dueMs: number,
  fields: Partial<HeardPacket> = {},
): HeardPacket => ({
  arrivedMs,
  wallMs: 0,
  rtpTimestamp: dueMs * 48,
  sequence: 0,
  marker: false,
  pcm: new Int16Array(0),
  level: 0.1,
  ...fields,
});

test('lateness is counted within a spurt, from its fastest packet, without its first', () => {
  const packets = [
    packet(92, 0, { marker: true }),
    packet(125, 20),
    packet(140, 40),
    packet(163, 60),
    packet(180, 80, { level: 0 }),
    packet(2_000, 1_000, { marker: true }),
    packet(2_020, 1_020),
  ];
  expect(packetLateness(audiblePackets(packets))).toEqual([5, 0, 3, 0]);
});

test('the bot is silent where nothing audible follows for a while', () => {
  const packets = [0, 20, 40, 60, 400, 420].map((atMs) => packet(atMs, atMs));
  expect(silentAt(packets, 25)).toBe(60);
  expect(silentAt(packets, 410)).toBe(420);
  expect(silentAt(packets, 100)).toBe(420);
  expect(silentAt([], 0)).toBeNull();
});
