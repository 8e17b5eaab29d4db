import type { SeededRandom } from '@voicebus/testing';
import { anyBytes, mutatedBytes } from './bytes.ts';

/** 20 ms of silence, as Opus writes it: SILK, wideband, one frame. */
const silence = Buffer.from('4803ffff', 'hex');

export interface RtpPosition {
  sequence: number;
  timestamp: number;
  ssrc: number;
}

/** The microphone's next packet, or something in its place that no microphone sends. */
export function anyRtpPacket(at: RtpPosition, random: SeededRandom): Buffer {
  const how = random.next();
  const right = nextPacket(at, random.next() < 0.7 ? silence : anyOpus(random));
  if (how < 0.4) return right;
  if (how < 0.5) return mutatedBytes(right, random);
  if (how < 0.55) return anyBytes(random, random.between(0, 60));
  if (how < 0.65) return withExtension(right, random);
  if (how < 0.7) right.writeUInt8(right.readUInt8(0) | random.pick([0x20, 0x0f, 0x3f]), 0);
  else if (how < 0.75) right.writeUInt8(random.between(0, 256), 1);
  else if (how < 0.8) at.sequence = random.pick([0, 0xffff, 0x8000, random.between(0, 0x10000)]);
  else if (how < 0.9) {
    at.timestamp = random.pick([
      0,
      0xffffffff,
      (at.timestamp + 0x7fffffff) >>> 0,
      (at.timestamp + 48_000 * random.between(0, 100)) >>> 0,
      (at.timestamp - 48_000) >>> 0,
    ]);
  } else if (how < 0.92) at.ssrc = random.between(0, 2 ** 32);
  else return right.subarray(0, random.between(0, right.length));
  return right;
}

/** A report, a good-bye or feedback, in somebody's name; of any length, right or not (RFC 3550, section 6). */
export function anyRtcpPacket(ssrc: number, random: SeededRandom): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(0x80 | random.between(0, 32), 0);
  header.writeUInt8(random.between(200, 208), 1);
  header.writeUInt16BE(random.pick([1, 6, 0, 0xffff, random.between(0, 400)]), 2);
  header.writeUInt32BE(ssrc, 4);
  return Buffer.concat([header, anyBytes(random, random.pick([0, 4, 20, random.between(0, 300)]))]);
}

function nextPacket(at: RtpPosition, payload: Buffer): Buffer {
  at.sequence = (at.sequence + 1) & 0xffff;
  at.timestamp = (at.timestamp + 960) >>> 0;
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(111, 1);
  header.writeUInt16BE(at.sequence, 2);
  header.writeUInt32BE(at.timestamp, 4);
  header.writeUInt32BE(at.ssrc, 8);
  return Buffer.concat([header, payload]);
}

/** The first byte names mode, bandwidth and frame count: each kind must be refused or decoded. */
function anyOpus(random: SeededRandom): Buffer {
  const length = random.pick([0, 1, 2, 3, 10, 80, 300, 1_275, 1_400]);
  return Buffer.concat([Buffer.from([random.between(0, 256)]), anyBytes(random, length)]);
}

/** A header extension whose length need not be true. */
function withExtension(packet: Buffer, random: SeededRandom): Buffer {
  const extension = Buffer.alloc(4 + random.between(0, 12));
  extension.writeUInt16BE(random.pick([0xbede, 0x1000, 0]), 0);
  extension.writeUInt16BE(random.pick([0, 1, 2, 100, 0xffff]), 2);
  const start = Buffer.from(packet.subarray(0, 12));
  start.writeUInt8(start.readUInt8(0) | 0x10, 0);
  return Buffer.concat([start, extension, packet.subarray(12)]);
}
