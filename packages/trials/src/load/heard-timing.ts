import { audibleLevel, type HeardPacket } from '@voicebus/testing/system';

/** Shorter pauses are between words, or a packet that is late. */
const silentMs = 150;

/** How late each audible packet came, compared with the fastest of its spurt. */
export function packetLateness(packets: readonly HeardPacket[]): number[] {
  const late: number[] = [];
  let spurt: number[] = [];
  const close = (): void => {
    const fastest = Math.min(...spurt);
    for (const offset of spurt) late.push(offset - fastest);
    spurt = [];
  };
  let before: HeardPacket | undefined;
  for (const packet of packets) {
    if (packet.level < audibleLevel) continue;
    const stepMs = before ? ((packet.rtpTimestamp - before.rtpTimestamp) | 0) / 48 : 0;
    if (packet.marker || stepMs > silentMs) close();
    spurt.push(packet.arrivedMs - packet.rtpTimestamp / 48);
    before = packet;
  }
  close();
  return late;
}

/** When the bot fell silent after this instant; null when it never did. */
export function silentAt(packets: readonly HeardPacket[], afterMs: number): number | null {
  const audible = packets.filter(({ level }) => level >= audibleLevel);
  const index = audible.findLastIndex(({ arrivedMs }) => arrivedMs <= afterMs);
  for (let at = Math.max(0, index); at < audible.length; at += 1) {
    const [last, next] = [audible[at]?.arrivedMs, audible[at + 1]?.arrivedMs];
    if (last !== undefined && (next ?? Infinity) - last > silentMs) return last;
  }
  return null;
}
