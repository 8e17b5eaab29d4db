import { describe, expect, it } from 'vitest';
import { ReorderBuffer } from './reorder-buffer.ts';
import {
  parseRtpPacket,
  sequenceDistance,
  timestampDistance,
  writeRtpPacket,
  type RtpPacket,
} from './rtp-packet.ts';

const packet = (sequence: number, fill = 1): RtpPacket => ({
  payloadType: 100,
  marker: false,
  sequence: sequence & 0xffff,
  timestamp: (sequence * 960) >>> 0,
  ssrc: 7,
  payload: Uint8Array.of(fill, fill),
});

describe('RTP packet', () => {
  it('reads what it writes', () => {
    const written = { ...packet(65_535), marker: true, timestamp: 0xffff_fff0 };
    expect(parseRtpPacket(writeRtpPacket(written))).toEqual({
      ...written,
      payload: Buffer.from(written.payload),
    });
  });

  it('skips contributing sources, header extensions and padding', () => {
    const plain = writeRtpPacket(packet(1));
    const extended = Buffer.concat([
      Buffer.from([plain.readUInt8(0) | 0x31]),
      plain.subarray(1, 12),
      Buffer.from([0, 0, 0, 9]),
      Buffer.from([0xbe, 0xde, 0, 1, 0x10, 0xff, 0, 0]),
      Buffer.from([5, 6, 0, 2]),
    ]);
    expect([...(parseRtpPacket(extended)?.payload ?? [])]).toEqual([5, 6]);
  });

  it('refuses what is no whole packet', () => {
    expect(parseRtpPacket(Buffer.alloc(5))).toBeNull();
    expect(parseRtpPacket(Buffer.alloc(20))).toBeNull();
    const lies = writeRtpPacket(packet(1));
    lies.writeUInt8(0x8f, 0);
    expect(parseRtpPacket(lies)).toBeNull();
  });

  it('counts around both circles', () => {
    expect(sequenceDistance(2, 65_534)).toBe(4);
    expect(sequenceDistance(65_534, 2)).toBe(-4);
    expect(timestampDistance(100, 0xffff_ff9c)).toBe(200);
  });
});

describe('reorder buffer', () => {
  const collect = (): { got: [number, number][]; buffer: ReorderBuffer } => {
    const got: [number, number][] = [];
    return {
      got,
      buffer: new ReorderBuffer({
        windowMs: 50,
        deliver: (each, lost) => got.push([each.sequence, lost]),
      }),
    };
  };

  it('puts packets into order across the wrap-around', () => {
    const { got, buffer } = collect();
    for (const [index, sequence] of [65_534, 0, 65_535, 1].entries())
      buffer.push(packet(sequence), index);
    expect(got).toEqual([
      [65_534, 0],
      [65_535, 0],
      [0, 0],
      [1, 0],
    ]);
  });

  it('gives a gap up after its window', () => {
    const { got, buffer } = collect();
    buffer.push(packet(1), 0);
    buffer.push(packet(3), 10);
    buffer.flush(59);
    expect(got).toEqual([[1, 0]]);
    buffer.flush(60);
    expect(got).toEqual([
      [1, 0],
      [3, 1],
    ]);
    buffer.push(packet(2), 70);
    expect(buffer.counters).toEqual({ late: 1, duplicate: 0, lost: 1 });
  });

  it('drops duplicates, and starts again after a jump', () => {
    const { got, buffer } = collect();
    buffer.push(packet(1), 0);
    buffer.push(packet(1), 1);
    buffer.push(packet(30_000), 2);
    buffer.push(packet(30_001), 3);
    expect(got.map(([sequence]) => sequence)).toEqual([1, 30_000, 30_001]);
    expect(buffer.counters.duplicate).toBe(1);
  });
});
