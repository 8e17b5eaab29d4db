import { SpeechSender } from '@voicebus/transport-mediasoup';
import type { TimedPacket } from '../report/packet-lateness.ts';

/** More is no use to anybody: an hour of forty callers, a third of them spoken to. */
const most = 2_500_000;

/** When each packet of speech left every sender of this process, from now on, sender by sender. */
export function watchSentPackets(): () => TimedPacket[][] {
  const packetsOf = new Map<SpeechSender, TimedPacket[]>();
  const wasSpeech = new WeakSet<SpeechSender>();
  let count = 0;
  const send = Reflect.get(SpeechSender.prototype, 'send');
  SpeechSender.prototype.send = function sendAndNote(frame) {
    send.call(this, frame);
    if (frame && count < most) {
      const packets = packetsOf.get(this) ?? [];
      packetsOf.set(this, packets);
      packets.push({
        atMs: performance.now(),
        rtpTimestamp: this.timestamp,
        marker: !wasSpeech.has(this),
      });
      count += 1;
    }
    if (frame) wasSpeech.add(this);
    else wasSpeech.delete(this);
  };
  return () => {
    const taken = [...packetsOf.values()];
    packetsOf.clear();
    count = 0;
    return taken;
  };
}
