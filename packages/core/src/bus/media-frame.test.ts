import { expect, it } from 'vitest';
import { decodeMediaFrames, encodeMediaFrame, type MediaFrame } from './media-frame.ts';

const frame: MediaFrame = {
  sessionId: 'session',
  sequence: 4_000_000_000,
  sampleRate: 24_000,
  wallMs: 1_767_225_600_000,
  pcm: Buffer.from(Array.from({ length: 960 }, (_, index) => index & 0xff)),
};

it('carries every byte value, in 16 bytes more', () => {
  const bytes = encodeMediaFrame(frame);
  expect(bytes).toHaveLength(976);
  expect(decodeMediaFrames(bytes, 'session')).toEqual([frame]);
  const next = { ...frame, sequence: 7, pcm: Buffer.alloc(0) };
  const both = Buffer.concat([bytes, encodeMediaFrame(next)]);
  expect(decodeMediaFrames(both, 'session')).toEqual([frame, next]);
});

it('refuses what is too large, and what is no frame', () => {
  const pcm = Buffer.alloc(70_000);
  expect(() => encodeMediaFrame({ ...frame, pcm })).toThrow(
    expect.objectContaining({ code: 'too-large' }),
  );
  const bytes = encodeMediaFrame(frame);
  for (const bad of [bytes.subarray(0, 15), bytes.subarray(0, 21)])
    expect(() => decodeMediaFrames(bad, 'session')).toThrow('no media frames');
  bytes.writeUInt8(9, 1);
  expect(() => decodeMediaFrames(bytes, 'session')).toThrow('no media frames');
});
