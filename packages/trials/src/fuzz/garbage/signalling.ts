import type { SeededRandom } from '@voicebus/testing';
import { anyJson, anyText, mutated } from './json.ts';

const opus = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2 };
const fingerprint = Array.from({ length: 32 }, (_, index) => (index + 16).toString(16)).join(':');

/** What a page says, as it should be said, without `hello`. `transportId` is filled in. */
const right: readonly Record<string, unknown>[] = [
  { type: 'create-transport', direction: 'send' },
  { type: 'create-transport', direction: 'receive' },
  { type: 'create-transport', media: 'plain' },
  {
    type: 'connect-transport',
    transportId: '',
    dtlsParameters: {
      role: 'client',
      fingerprints: [{ algorithm: 'sha-256', value: fingerprint.toUpperCase() }],
    },
  },
  {
    type: 'produce',
    transportId: '',
    rtpParameters: {
      mid: '0',
      codecs: [{ ...opus, payloadType: 111, parameters: {}, rtcpFeedback: [] }],
      headerExtensions: [{ uri: 'urn:ietf:params:rtp-hdrext:sdes:mid', id: 1, encrypt: false }],
      encodings: [{ ssrc: 12_345 }],
      rtcp: { cname: 'caller', reducedSize: true },
    },
  },
  {
    type: 'produce-data',
    transportId: '',
    sctpStreamParameters: { streamId: 0, ordered: true },
    label: 'fast',
    protocol: '',
  },
  {
    type: 'consume',
    transportId: '',
    rtpCapabilities: {
      codecs: [{ kind: 'audio', ...opus, preferredPayloadType: 100 }],
      headerExtensions: [],
    },
  },
  { type: 'consume-data', transportId: '' },
  { type: 'media-ready' },
  { type: 'preroll', captureMs: 5, pcm: 'AAAAAAAA', last: false },
  { type: 'preroll', captureMs: 5, pcm: '', last: true },
  { type: 'speech-probability', captureMs: 7, probabilities: [0.1, 0.9] },
  { type: 'speech-hold', holdId: 'hold', playedRtpTimestamp: 48_000 },
  { type: 'interrupt' },
  { type: 'playback-heard', rtpTimestamp: 960, atMs: 12, responseMs: 300 },
  { type: 'clock-ping', clientMs: 1 },
  { type: 'text-input', messageId: 'message', text: 'hello' },
  { type: 'mute', muted: true },
  { type: 'end-call' },
];

/** A message of the right kind, in whole or nearly; or no message at all. */
export function anyClientMessage(random: SeededRandom, transportIds: readonly string[]): unknown {
  if (random.next() < 0.05) return anyJson(random);
  const message = { ...random.pick(right), id: random.between(0, 50) };
  const ids = [...transportIds, crypto.randomUUID(), anyText(random)];
  const addressed =
    'transportId' in message ? { ...message, transportId: random.pick(ids) } : message;
  return random.next() < 0.5 ? addressed : mutated(addressed, random);
}

/** Text that goes onto a socket or a data channel. */
export function anyMessageText(random: SeededRandom, transportIds: readonly string[]): string {
  const how = random.next();
  if (how < 0.03) return anyText(random);
  const text = JSON.stringify(anyClientMessage(random, transportIds)) ?? '';
  if (how < 0.06) return text.slice(0, random.between(0, text.length + 1));
  return how < 0.08 ? text.padEnd(random.pick([65_535, 65_536, 65_537, 200_000])) : text;
}
