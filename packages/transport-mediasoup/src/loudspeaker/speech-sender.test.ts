import { createDecoder } from 'libopus-wasm';
import { beforeEach, expect, test } from 'vitest';
import { parseRtpPacket, timestampDistance, type RtpPacket } from '../rtp/rtp-packet.ts';
import { SpeechSender } from './speech-sender.ts';

let sent: RtpPacket[];
let sender: SpeechSender;
beforeEach(async () => {
  sent = [];
  sender = new SpeechSender({
    payloadType: 100,
    ssrc: 5,
    line: {
      send: (packet) => {
        const parsed = parseRtpPacket(packet);
        if (parsed) sent.push(parsed);
      },
      takeBack: () => sent.splice(-2).length,
    },
  });
  await sender.open(16_000);
  return () => sender.close();
});

const frame = (sampleRateHz = 16_000) => ({
  pcm: new Int16Array(sampleRateHz / 50).fill(1_000),
  sampleRateHz,
  turnId: 'turn',
  messageId: 'message',
  agent: 'greeter',
});
const tick = (what: 'speech' | 'silence', times = 1): void => {
  for (let index = 0; index < times; index += 1) {
    sender.advance(1);
    sender.send(what === 'speech' ? frame() : null, 0);
  }
};

test('marks the first packet of a spurt, and counts without gaps', () => {
  tick('speech', 3);
  tick('silence', 10);
  tick('speech', 2);
  const speech = sent.filter((_, index) => index < 3 || index >= 8);
  expect(speech.map(({ marker }) => marker)).toEqual([true, false, false, true, false]);
  sent.slice(1).forEach((packet, index) => {
    expect((packet.sequence - (sent[index]?.sequence ?? 0)) & 0xffff).toBe(1);
  });
});

test('five silent packets after speech, then one every 400 ms', () => {
  tick('speech');
  tick('silence', 100);
  const first = sent[0]?.timestamp ?? 0;
  const ticks = sent.map(({ timestamp }) => timestampDistance(timestamp, first) / 960);
  expect(ticks).toEqual([0, 1, 2, 3, 4, 5, 20, 40, 60, 80, 100]);
});

test('the timestamp follows the clock across pauses and skipped ticks', () => {
  tick('speech');
  tick('silence', 7);
  sender.advance(4);
  sender.send(frame(), 0);
  const [first, last] = [sent[0], sent.at(-1)];
  expect(timestampDistance(last?.timestamp ?? 0, first?.timestamp ?? 0)).toBe(11 * 960);
  expect(sender.timestamp).toBe(last?.timestamp);
});

test('another rate costs a packet, not the call', async () => {
  tick('speech');
  sender.advance(1);
  sender.send(frame(24_000), 0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  sender.advance(1);
  sender.send(frame(24_000), 0);
  expect(sent).toHaveLength(2);
  const decoder = await createDecoder({ sampleRate: 48_000, channels: 1 });
  expect(decoder.decode(sent[1]?.payload ?? new Uint8Array())).toHaveLength(960);
  decoder.free();
});

test('sends nothing once it is closed, also when it was closed while it opened', async () => {
  const early = new SpeechSender({
    payloadType: 100,
    ssrc: 6,
    line: { send: () => expect.unreachable('nothing is sent'), takeBack: () => 0 },
  });
  const opening = early.open(16_000);
  early.close();
  await opening;
  early.advance(1);
  early.send(frame(), 0);
  sender.close();
  tick('speech');
  expect(sent).toEqual([]);
});

test('what did not leave is sent again with the numbers it would have had', () => {
  tick('speech', 5);
  const before = sent.slice(-2);
  expect(sender.takeBack()).toBe(2);
  tick('speech', 2);
  const numbers = ({ sequence, timestamp }: RtpPacket): number[] => [sequence, timestamp];
  expect(sent.slice(-2).map(numbers)).toEqual(before.map(numbers));
  expect(sent).toHaveLength(5);
  sender.close();
  expect(sender.takeBack()).toBe(0);
});
