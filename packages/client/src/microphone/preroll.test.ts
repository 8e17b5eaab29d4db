import { limits } from '@voicebus/protocol';
import { describe, expect, it } from 'vitest';
import { pcmToBase64, Preroll } from './preroll.ts';

const frame = (value: number) => new Float32Array(512).fill(value);

describe('the recording of the first words', () => {
  it('keeps at most 10 s, the newest', () => {
    const preroll = new Preroll();
    for (let index = 1; index <= 400; index++) preroll.add(frame(0.1), index * 32);
    const pieces = preroll.finish(Infinity);
    const samples = pieces.reduce((sum, piece) => sum + piece.samples.length, 0);
    expect(samples).toBeLessThanOrEqual(160_000);
    expect(samples).toBeGreaterThan(159_000);
    const last = pieces.at(-1);
    expect((last?.captureMs ?? 0) + (last?.samples.length ?? 0) / 16).toBe(400 * 32);
  });

  it('ends where the live sound begins', () => {
    const preroll = new Preroll();
    for (let index = 1; index <= 10; index++) preroll.add(frame(0.5), index * 32);
    const pieces = preroll.finish(100);
    expect(pieces).toHaveLength(1);
    expect(pieces[0]).toMatchObject({ captureMs: 0 });
    expect(pieces[0]?.samples).toHaveLength(1600);
    preroll.add(frame(0.5), 400);
    expect(preroll.finish(Infinity)).toEqual([]);
  });

  it('comes in pieces that a message can carry', () => {
    const preroll = new Preroll();
    for (let index = 1; index <= 200; index++) preroll.add(frame(-2), index * 32);
    for (const { samples } of preroll.finish(Infinity)) {
      expect(samples.byteLength).toBeLessThanOrEqual(limits.prerollChunkBytes);
      expect(samples[0]).toBe(-32_767);
    }
  });

  it('forgets everything when it is discarded', () => {
    const preroll = new Preroll();
    preroll.add(frame(0.5), 32);
    preroll.discard();
    expect(preroll.finish(Infinity)).toEqual([]);
  });

  it('is little-endian', () => {
    expect(pcmToBase64(Int16Array.of(1, -2))).toBe(btoa('\x01\x00\xfe\xff'));
  });
});
