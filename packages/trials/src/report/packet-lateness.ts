/** Shorter pauses are between words, or a packet that is late. */
export const silentMs = 150;

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
