import { createFrame, SessionEvents } from '@voicebus/core';
import type { ServerMessage } from '@voicebus/protocol';
import { FakeClock } from '@voicebus/testing';
import { beforeEach, expect, test } from 'vitest';
import { parseRtpPacket, timestampDistance } from '../rtp/rtp-packet.ts';
import { PacedOutput } from './paced-output.ts';
import { Pacer } from './pacer.ts';
import { SpeechSender } from './speech-sender.ts';

let clock: FakeClock;
let output: PacedOutput;
let sender: SpeechSender;
let told: ServerMessage[];
/** When each packet went, and its timestamp in packets since the first. */
let sent: { atMs: number; packet: number; marker: boolean }[];

beforeEach(async () => {
  clock = new FakeClock();
  told = [];
  sent = [];
  output = new PacedOutput({ pacer: new Pacer(clock), tell: (message) => told.push(message) });
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
    send: (bytes) => {
      const packet = parseRtpPacket(bytes);
      if (!packet) return;
      first ??= packet.timestamp;
      const number = timestampDistance(packet.timestamp, first) / 960;
      sent.push({ atMs: clock.now(), packet: number, marker: packet.marker });
    },
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
