import { limits, protocolVersion } from '@voicebus/protocol';
import { VoicebusError } from '../errors/voicebus-error.ts';

/** A piece of sound on its way to a worker that asked for it: signed 16-bit little endian, one channel. */
export interface MediaFrame {
  readonly sessionId: string;
  /** Counts up by one per sender and session; what is not newer than the last is dropped. */
  readonly sequence: number;
  /** Samples per second, a multiple of 100. */
  readonly sampleRate: number;
  /** Whole milliseconds since the epoch at which it was captured. */
  readonly wallMs: number;
  readonly pcm: Buffer;
}

/**
 * Sound between processes, only for workers that asked for it: the newest wins, nothing is repaired, and
 * what is older than `limits.mediaMaxAgeMs` is dropped and counted.
 */
export interface MediaPlane {
  readonly counters: { readonly sent: number; readonly received: number; readonly dropped: number };
  /** To whoever listens for the session in that process. Never throws for a bad way there, never waits. */
  send(incarnation: string, frame: MediaFrame): void;
  /** Frames of this session from now on. Resolves once they come; the returned function stops them. */
  listen(sessionId: string, listener: (frame: MediaFrame) => void): Promise<() => void>;
}

/**
 * Media frame on a wire, big endian; the session is implied by where it travels:
 *
 *   0  u8   version      1  u8   format: 1 is PCM, signed 16 bit little endian, one channel
 *   2  u16  sample rate in units of 100 per second
 *   4  u32  sequence     8  u48  wall time of the capture, ms
 *   14 u16  number of samples, which follow; then the next frame, if any.
 */
const mediaHeaderBytes = 16;
const pcm16 = 1;

/** Throws `too-large` above `limits.mediaFrameBytes`. */
export function encodeMediaFrame(frame: MediaFrame): Buffer {
  const { pcm } = frame;
  if (pcm.length > limits.mediaFrameBytes || pcm.length % 2 === 1) {
    throw new VoicebusError(
      'too-large',
      `${pcm.length} bytes are no media frame; at most ${limits.mediaFrameBytes}, an even number, are.`,
      { data: { bytes: pcm.length, limit: limits.mediaFrameBytes } },
    );
  }
  const bytes = Buffer.allocUnsafe(mediaHeaderBytes + pcm.length);
  bytes.writeUInt8(protocolVersion, 0);
  bytes.writeUInt8(pcm16, 1);
  bytes.writeUInt16BE(frame.sampleRate / 100, 2);
  bytes.writeUInt32BE(frame.sequence % 2 ** 32, 4);
  bytes.writeUIntBE(Math.floor(frame.wallMs), 8, 6);
  bytes.writeUInt16BE(pcm.length / 2, 14);
  pcm.copy(bytes, mediaHeaderBytes);
  return bytes;
}

/** Frames that travelled together. Throws `bad-message` on anything else. Samples are views of `bytes`. */
export function decodeMediaFrames(bytes: Buffer, sessionId: string): readonly MediaFrame[] {
  const frames: MediaFrame[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const isHeader =
      offset + mediaHeaderBytes <= bytes.length &&
      bytes.readUInt8(offset) === protocolVersion &&
      bytes.readUInt8(offset + 1) === pcm16;
    const start = offset + mediaHeaderBytes;
    const end = isHeader ? start + 2 * bytes.readUInt16BE(offset + 14) : Infinity;
    if (end > bytes.length)
      throw new VoicebusError('bad-message', 'These bytes are no media frames: they are dropped.');
    frames.push({
      sessionId,
      sequence: bytes.readUInt32BE(offset + 4),
      sampleRate: bytes.readUInt16BE(offset + 2) * 100,
      wallMs: bytes.readUIntBE(offset + 8, 6),
      pcm: bytes.subarray(start, end),
    });
    offset = end;
  }
  return frames;
}
