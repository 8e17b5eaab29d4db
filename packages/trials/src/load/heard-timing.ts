import { audibleLevel, type HeardPacket } from '@voicebus/testing/system';
import { silentMs, type TimedPacket } from '../report/packet-lateness.ts';

/** What the caller hears: packets with sound in them. */
export function audiblePackets(packets: readonly HeardPacket[]): TimedPacket[] {
  return packets
    .filter(({ level }) => level >= audibleLevel)
    .map(({ arrivedMs, rtpTimestamp, marker }) => ({ atMs: arrivedMs, rtpTimestamp, marker }));
}

/** When the bot fell silent after this instant; null when it never did. */
export function silentAt(packets: readonly HeardPacket[], afterMs: number): number | null {
  const audible = packets.filter(({ level }) => level >= audibleLevel);
  const index = audible.findLastIndex(({ arrivedMs }) => arrivedMs <= afterMs);
  // What was heard before is no silence of afterwards, also where a pause or late packets lie between.
  for (let at = index + 1; at < audible.length; at += 1) {
    const [last, next] = [audible[at]?.arrivedMs, audible[at + 1]?.arrivedMs];
    if (last !== undefined && (next ?? Infinity) - last > silentMs) return last;
  }
  return null;
}
