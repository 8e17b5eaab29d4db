/** An RTP packet as far as audio needs it (RFC 3550, section 5.1). */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  /** 16 bit, wraps around. */
  readonly sequence: number;
  /** 32 bit in units of 1/48,000 s for Opus, wraps around. */
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payload: Uint8Array;
}

const fixedHeaderBytes = 12;

/** Null for anything that is not a whole RTP packet of version 2. */
export function parseRtpPacket(bytes: Buffer): RtpPacket | null {
  if (bytes.length < fixedHeaderBytes || bytes.readUInt8(0) >> 6 !== 2) return null;
  const first = bytes.readUInt8(0);
  const second = bytes.readUInt8(1);
  let start = fixedHeaderBytes + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (start + 4 > bytes.length) return null;
    start += 4 + bytes.readUInt16BE(start + 2) * 4;
  }
  const padding = first & 0x20 ? bytes.readUInt8(bytes.length - 1) : 0;
  const end = bytes.length - padding;
  if (start > end) return null;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: bytes.readUInt16BE(2),
    timestamp: bytes.readUInt32BE(4),
    ssrc: bytes.readUInt32BE(8),
    payload: bytes.subarray(start, end),
  };
}

export function writeRtpPacket(packet: RtpPacket): Buffer {
  const bytes = Buffer.allocUnsafe(fixedHeaderBytes + packet.payload.length);
  bytes.writeUInt8(0x80, 0);
  bytes.writeUInt8((packet.marker ? 0x80 : 0) | packet.payloadType, 1);
  bytes.writeUInt16BE(packet.sequence, 2);
  bytes.writeUInt32BE(packet.timestamp, 4);
  bytes.writeUInt32BE(packet.ssrc, 8);
  bytes.set(packet.payload, fixedHeaderBytes);
  return bytes;
}

/** `later` − `earlier` on a 16-bit circle: −32,768 to 32,767. */
export function sequenceDistance(later: number, earlier: number): number {
  return ((later - earlier) << 16) >> 16;
}

/** `later` − `earlier` on a 32-bit circle, signed. */
export function timestampDistance(later: number, earlier: number): number {
  return (later - earlier) | 0;
}
