import { SpeechSender } from '@voicebus/transport-mediasoup';
import type { TimedPacket } from '../report/packet-lateness.ts';
import { takeLeftPackets } from './leaving-packets.ts';

/** More is no use to anybody: an hour of forty callers, a third of them spoken to. */
const most = 2_500_000;

/** When each packet of speech left, from now on, sender by sender; those that were taken back did not. */
export function watchSentPackets(): () => Promise<TimedPacket[][]> {
  const packetsOf = new Map<SpeechSender, Map<number, Omit<TimedPacket, 'atMs'>>>();
  const wasSpeech = new WeakSet<SpeechSender>();
  let count = 0;
  const send = Reflect.get(SpeechSender.prototype, 'send');
  SpeechSender.prototype.send = function sendAndNote(frame, dueMs) {
    send.call(this, frame, dueMs);
    const rtpTimestamp = this.timestamp;
    const packets = packetsOf.get(this) ?? new Map();
    packetsOf.set(this, packets);
    if (frame && count < most) {
      packets.set(rtpTimestamp, { rtpTimestamp, marker: !wasSpeech.has(this) });
      count += 1;
    } else packets.delete(rtpTimestamp);
    if (frame) wasSpeech.add(this);
    else wasSpeech.delete(this);
  };
  return async () => {
    const left = await takeLeftPackets();
    const taken = [...packetsOf.values()].map((packets) =>
      [...packets.values()].flatMap((packet) => {
        const atMs = left.get(packet.rtpTimestamp);
        return atMs === undefined ? [] : [{ ...packet, atMs }];
      }),
    );
    packetsOf.clear();
    count = 0;
    return taken;
  };
}
