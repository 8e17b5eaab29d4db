import { FakeClock } from '@voicebus/testing';
import { Application, createEncoder } from 'libopus-wasm';
import { beforeEach, describe, expect, test } from 'vitest';
import { writeRtpPacket } from '../rtp/rtp-packet.ts';
import { MicrophoneStream } from './microphone-stream.ts';

/** A tone as a browser sends it: Opus packets of `packetMs`, from 16 kHz. */
async function encodeTone(
  count: number,
  {
    packetMs = 20,
    channels = 1,
    fec = false,
  }: { packetMs?: number; channels?: 1 | 2; fec?: boolean } = {},
): Promise<Uint8Array[]> {
  const encoder = await createEncoder({
    sampleRate: 16_000,
    channels,
    frameSize: packetMs * 16,
    application: Application.Voip,
    bitrate: 40_000,
    fec,
    packetLossPercent: fec ? 20 : 0,
  });
  const packets = Array.from({ length: count }, (_, packet) =>
    encoder
      .encode(
        Int16Array.from({ length: packetMs * 16 * channels }, (_, index) => {
          const sample = packet * packetMs * 16 + Math.floor(index / channels);
          return 8_000 * Math.sin((2 * Math.PI * 300 * sample) / 16_000);
        }),
      )
      .slice(),
  );
  encoder.free();
  return packets;
}

const loudness = (pcm: Int16Array): number =>
  Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, pcm.length));

describe('microphone stream', () => {
  let clock: FakeClock;
  let heard: { pcm: Int16Array; captureMs: number }[];
  let stream: MicrophoneStream;
  const samples = (): number => heard.reduce((sum, { pcm }) => sum + pcm.length, 0);
  const whole = (): Int16Array => Int16Array.from(heard.flatMap(({ pcm }) => [...pcm]));
  const packetOf = (payload: Uint8Array, number: number, more: object = {}): Buffer =>
    writeRtpPacket({
      payloadType: 111,
      marker: false,
      sequence: (65_530 + number) & 0xffff,
      timestamp: (0xffff_f000 + number * 960) >>> 0,
      ssrc: 9,
      payload,
      ...more,
    });

  beforeEach(async () => {
    clock = new FakeClock();
    heard = [];
    stream = await MicrophoneStream.create({
      clock,
      onAudio: (pcm, captureMs) => heard.push({ pcm: pcm.slice(), captureMs }),
    });
    return () => stream.close();
  });

  /** One packet every 20 ms, those in `skip` never. */
  async function receive(
    packets: readonly Uint8Array[],
    skip: readonly number[] = [],
  ): Promise<void> {
    for (const [number, payload] of packets.entries()) {
      if (!skip.includes(number)) stream.receive(packetOf(payload, number));
      await clock.advance(20);
    }
    await clock.advance(100);
  }

  test('is gapless across the wrap-around of sequence and timestamp, with the time of capture', async () => {
    await receive(await encodeTone(20));
    expect(samples()).toBe(20 * 320);
    expect(heard.map(({ captureMs }) => captureMs)).toEqual(heard.map((_, index) => index * 20));
  });

  test('packets out of order come in order, once', async () => {
    const packets = await encodeTone(8);
    await receive(packets);
    const straight = whole();
    heard = [];
    const other = await MicrophoneStream.create({
      clock,
      onAudio: (pcm, captureMs) => heard.push({ pcm: pcm.slice(), captureMs }),
    });
    for (const number of [0, 2, 1, 1, 3, 5, 6, 4, 7])
      other.receive(packetOf(packets[number] ?? new Uint8Array(), number));
    await clock.advance(100);
    expect(whole()).toEqual(straight);
    expect(other.counters).toMatchObject({ lost: 0, late: 1 });
    other.close();
  });

  test('a lost packet is concealed: nothing is shorter, and the tone goes on', async () => {
    await receive(await encodeTone(30), [12, 20, 21]);
    expect(samples()).toBe(30 * 320);
    expect(stream.counters).toMatchObject({ lost: 3, late: 0 });
    const tone = loudness(whole().subarray(5 * 320, 11 * 320));
    // The decoder is 6.5 ms behind, so look into the middle of what was lost.
    expect(loudness(whole().subarray(12 * 320 + 100, 13 * 320))).toBeGreaterThan(0.3 * tone);
  });

  test('the copy that the next packet carries is used', async () => {
    const packets = await encodeTone(30, { fec: true });
    await receive(packets);
    const straight = whole();
    heard = [];
    stream.close();
    stream = await MicrophoneStream.create({
      clock,
      onAudio: (pcm, captureMs) => heard.push({ pcm: pcm.slice(), captureMs }),
    });
    await receive(packets, [15]);
    const repaired = whole();
    const difference = repaired.map((sample, index) => sample - (straight[index] ?? 0));
    expect(loudness(difference.subarray(15 * 320, 17 * 320))).toBeLessThan(
      0.5 * loudness(straight.subarray(15 * 320, 17 * 320)),
    );
  });

  test('a hole becomes silence in its place, and a long one is capped', async () => {
    const packets = await encodeTone(40);
    const hole = Array.from({ length: 20 }, (_, index) => 10 + index);
    await receive(packets, hole);
    expect(samples()).toBe(40 * 320);
    expect(loudness(whole().subarray(15 * 320, 28 * 320))).toBe(0);
    expect(heard.at(-1)?.captureMs).toBe(780);
    heard = [];
    const [again = new Uint8Array()] = packets;
    await clock.advance(60_000);
    stream.receive(packetOf(again, 40 + 3_005));
    await clock.advance(100);
    expect(samples()).toBe(2 * 16_000 + 320);
  });

  test.each([
    { packetMs: 10, channels: 1 },
    { packetMs: 40, channels: 1 },
    { packetMs: 60, channels: 1 },
    { packetMs: 20, channels: 2 },
  ] as const)('packets of $packetMs ms with $channels channels', async (shape) => {
    const packets = await encodeTone(12, shape);
    for (const [number, payload] of packets.entries()) {
      const timestamp = (number * shape.packetMs * 48) >>> 0;
      stream.receive(packetOf(payload, number, { timestamp }));
      await clock.advance(shape.packetMs);
    }
    expect(samples()).toBe(12 * shape.packetMs * 16);
    expect(stream.counters).toEqual({ late: 0, duplicate: 0, lost: 0, invalid: 0, excess: 0 });
    expect(loudness(whole().subarray(1_500))).toBeGreaterThan(4_000);
  });

  test('what is no Opus is counted, and costs no more than its own time', async () => {
    const packets = await encodeTone(10);
    packets[4] = Uint8Array.of(0xff, 0xff, 0xff);
    await receive(packets);
    expect(stream.counters.invalid).toBe(1);
    expect(samples()).toBe(10 * 320);
    stream.receive(Buffer.from('no RTP at all'));
    stream.receive(Buffer.alloc(0));
    await clock.advance(100);
    expect(samples()).toBe(10 * 320);
  });

  test('another microphone goes on where it starts, without a hole', async () => {
    const packets = await encodeTone(10);
    await receive(packets.slice(0, 5));
    for (const [number, payload] of packets.slice(5).entries()) {
      const timestamp = 2_000_000_000 + number * 960;
      stream.receive(packetOf(payload, number, { ssrc: 10, sequence: 100 + number, timestamp }));
      await clock.advance(20);
    }
    expect(samples()).toBe(10 * 320);
    expect(heard.at(-1)?.captureMs).toBe(clock.now() - 20);
  });

  test('leaves no timer and takes no packet once it is closed', async () => {
    await receive(await encodeTone(2));
    stream.close();
    stream.receive(packetOf(new Uint8Array(3), 5));
    expect(clock.pending).toBe(0);
  });
});
