import { createFrame, FrameProcessor, SessionEvents, type Frame } from '@voicebus/core';
import type { ServerMessage } from '@voicebus/protocol';
import { FakeClock, TimedLine } from '@voicebus/testing';
import { beforeEach, expect, test } from 'vitest';
import { parseRtpPacket, timestampDistance } from '../rtp/rtp-packet.ts';
import { PacedOutput } from './paced-output.ts';
import { Pacer } from './pacer.ts';
import { SpeechSender } from './speech-sender.ts';

let clock: FakeClock;
let output: PacedOutput;
let sender: SpeechSender;
let told: ServerMessage[];
/** When what is heard of the bot was due. */
let soundedMs: number[];
/** When each packet went, and its timestamp in packets since the first. */
let sent: { atMs: number; packet: number; marker: boolean; sequence: number }[];
/** The thread that paces stands still until then. */
let busyUntilMs: number;

beforeEach(async () => {
  clock = new FakeClock();
  told = [];
  sent = [];
  busyUntilMs = 0;
  const busyClock = {
    now: () => clock.now(),
    wall: () => clock.wall(),
    after: (delayMs: number, callback: () => void) =>
      clock.after(Math.max(delayMs, busyUntilMs - clock.now()), callback),
  };
  output = new PacedOutput({
    pacer: new Pacer(busyClock),
    tell: (message) => told.push(message),
    onSent: (_packet, dueMs) => soundedMs.push(dueMs),
  });
  soundedMs = [];
  output.attach({
    clock,
    events: new SessionEvents('session', clock, () => {}),
    sessionId: 'session',
    workerName: 'main',
  });
  let first: number | undefined;
  sender = new SpeechSender({
    payloadType: 100,
    ssrc: 5,
    line: new TimedLine(clock, (bytes) => {
      const packet = parseRtpPacket(bytes);
      if (!packet) return;
      first ??= packet.timestamp;
      const number = timestampDistance(packet.timestamp, first) / 960;
      const { marker, sequence } = packet;
      sent.push({ atMs: clock.now(), packet: number, marker, sequence });
    }),
  });
  await sender.open(16_000);
  output.play(sender);
  return () => output.cleanup();
});

const speech = (durationMs: number): void =>
  output.queueFrame(
    createFrame('output-audio', {
      turnId: 'turn',
      messageId: 'message',
      agent: 'greeter',
      pcm: new Int16Array(durationMs * 16).fill(500),
      sampleRateHz: 16_000,
    }),
  );

test('the first packet goes at once, the others at their ticks, and no timestamp twice', async () => {
  await clock.advance(1_007);
  sent = [];
  const before = sender.timestamp;
  speech(60);
  expect(sent).toMatchObject([{ atMs: 1_007, marker: true }]);
  await clock.advance(200);
  expect(sent.map(({ atMs }) => atMs)).toEqual([
    1_007, 1_020, 1_040, 1_080, 1_100, 1_120, 1_140, 1_160,
  ]);
  const numbers = sent.map(({ packet }) => packet);
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  // The clock has caught up: 200 ms are ten packets.
  expect(timestampDistance(sender.timestamp, before)).toBe(10 * 960);
  expect(told).toMatchObject([
    { type: 'bot-spurt', agent: 'greeter', rtpTimestamp: (before + 960) >>> 0 },
  ]);
});

test('what comes while it sounds waits for its tick', async () => {
  speech(40);
  await clock.advance(5);
  speech(40);
  expect(sent.filter(({ marker }) => marker)).toHaveLength(1);
  await clock.advance(95);
  const early = sent.filter(({ atMs }) => atMs === 0);
  expect(early).toHaveLength(1);
});

test('nothing is played while the path is interrupted, and nothing is lost of it', async () => {
  output.suspend(true);
  speech(100);
  await clock.advance(400);
  expect(sent).toEqual([]);
  output.suspend(false);
  await clock.advance(100);
  expect(sent.filter(({ atMs }) => atMs <= 500)).toHaveLength(5);
});

test('a thread that stands still for a while makes no packet late', async () => {
  await clock.advance(1_000);
  sent = [];
  speech(400);
  await clock.advance(40);
  busyUntilMs = clock.now() + 120;
  await clock.advance(360);
  expect(sent.slice(0, 20).map(({ atMs }) => atMs)).toEqual(
    Array.from({ length: 20 }, (_, index) => 1_000 + index * 20),
  );
});

test('held, it is silent at once, and goes on with the packet that did not leave', async () => {
  await clock.advance(1_000);
  sent = [];
  const before = sender.timestamp;
  speech(200);
  await clock.advance(50);
  expect(sent).toHaveLength(3);
  output.queueFrame(createFrame('output-hold', {}));
  expect(timestampDistance(sender.timestamp, before)).toBe(3 * 960);
  await clock.advance(400);
  expect(soundedMs).toEqual([1_000, 1_020, 1_040]);
  const silence = sent.slice(3);
  output.queueFrame(createFrame('output-resume', { holdId: null }));
  await clock.advance(400);
  const again = sent.slice(3 + silence.length, 3 + silence.length + 7);
  expect(again.map(({ marker }) => marker)).toEqual([true, ...Array(6).fill(false)]);
  sent.slice(1).forEach(({ sequence }, index) => {
    expect((sequence - (sent[index]?.sequence ?? 0)) & 0xffff).toBe(1);
  });
});

test('interrupted, the page is told to stop behind the last packet that left', async () => {
  await clock.advance(1_000);
  const before = sender.timestamp;
  speech(400);
  await clock.advance(100);
  output.queueFrame(createFrame('interruption', { by: 'voice' }));
  const stop = told.find(({ type }) => type === 'stop-playback');
  expect(stop).toEqual({ type: 'stop-playback', rtpTimestamp: (before + 6 * 960) >>> 0 });
});

test('what waits for the end of the sound waits until it has left', async () => {
  const passed: number[] = [];
  output.link(
    new (class extends FrameProcessor {
      protected override process({ kind }: Frame): void {
        if (kind === 'end') passed.push(clock.now());
      }
    })('page'),
  );
  await clock.advance(1_000);
  speech(100);
  output.queueFrame(createFrame('end', { reason: 'agent' }));
  await clock.advance(80);
  expect(passed).toEqual([]);
  await clock.advance(40);
  expect(passed).toHaveLength(1);
});
