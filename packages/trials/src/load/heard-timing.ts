import { audibleLevel, type HeardPacket } from '@voicebus/testing/system';

/** Shorter pauses are between words, or a packet that is late. */
const silentMs = 150;

export interface TimedPacket {
  /** When it came or left, by one clock. */
  readonly atMs: number;
  /** 48 kHz. */
  readonly rtpTimestamp: number;
  /** The first one of a spurt. */
  readonly marker: boolean;
}

/**
 * How late each packet of speech was, compared with the fastest of its spurt. The first one is not counted: it
 * is due at no time, but goes as soon as there is something to say, between two ticks of the others.
 */
export function packetLateness(packets: readonly TimedPacket[]): number[] {
  const late: number[] = [];
  let spurt: number[] = [];
  const close = (): void => {
    const fastest = Math.min(...spurt);
    for (const offset of spurt) late.push(offset - fastest);
    spurt = [];
  };
  let before: TimedPacket | undefined;
  for (const packet of packets) {
    const stepMs = before ? ((packet.rtpTimestamp - before.rtpTimestamp) | 0) / 48 : Infinity;
    before = packet;
    if (packet.marker || stepMs > silentMs) close();
    else spurt.push(packet.atMs - packet.rtpTimestamp / 48);
  }
  close();
  return late;
}

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
