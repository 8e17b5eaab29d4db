import { FakeClock } from '@voicebus/testing';
import { beforeEach, expect, test } from 'vitest';
import { DueSender } from './due-sender.ts';
import { PacketRingReader, PacketRingWriter } from './packet-ring.ts';

let clock: FakeClock;
let sender: DueSender;
let sent: { atMs: number; port: number; packet: string; lateMs: number }[];

beforeEach(() => {
  clock = new FakeClock();
  sent = [];
  let lateMs = 0;
  sender = new DueSender({
    now: () => clock.now(),
    after: (delayMs, callback) => clock.after(delayMs, callback),
    onSent: (late) => (lateMs = late),
    send: (packet, port) =>
      sent.push({ atMs: clock.now(), port, packet: packet.toString(), lateMs }),
  });
});

function open(id: number): (packet: string, dueMs: number) => void {
  const ring = new PacketRingWriter();
  sender.open(id, new PacketRingReader(ring.memory), 1_000 + id);
  return (packet, dueMs) => {
    if (ring.push(Buffer.from(packet), dueMs) === 'first') sender.wake();
  };
}

test('each line sends its packets when they are due, and nothing ticks in between', async () => {
  const [one, two] = [open(1), open(2)];
  one('a', 0);
  one('b', 20.4);
  two('c', 30);
  one('d', 60);
  await clock.advance(100);
  expect(sent).toMatchObject([
    { atMs: 0, port: 1_001, packet: 'a', lateMs: 0 },
    { atMs: 21, port: 1_001, packet: 'b' },
    { atMs: 30, port: 1_002, packet: 'c', lateMs: 0 },
    { atMs: 60, port: 1_001, packet: 'd', lateMs: 0 },
  ]);
  expect(clock.pending).toBe(0);
  one('e', 90);
  expect(sent.at(-1)).toMatchObject({ packet: 'e', lateMs: 10 });
});

test('a line that comes later is not waited past, and one that is closed sends nothing', async () => {
  const one = open(1);
  one('late', 500);
  const two = open(2);
  two('soon', 20);
  two('never', 40);
  await clock.advance(30);
  sender.close(2);
  await clock.advance(1_000);
  expect(sent.map(({ packet }) => packet)).toEqual(['soon', 'late']);
});
