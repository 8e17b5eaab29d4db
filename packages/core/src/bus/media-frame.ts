import { limits, protocolVersion } from '@voicebus/protocol';
import { VoicebusError } from '../errors/voicebus-error.ts';

/** A piece of sound on its way to a worker that asked for it: signed 16-bit little endian, one channel. */
export interface MediaFrame {
  readonly sessionId: string;
  /** Counts up by one per sender and session; what is not newer than the last is dropped. */
  readonly sequence: number;
  /** Samples per second, a multiple of 100. */
  readonly sampleRate: number;
  /** Milliseconds since the epoch at which it was captured. */
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
 *   4  u32  sequence     8  f64  wall time of the capture, ms
 *   then the samples.
 */
const mediaHeaderBytes = 16;
const pcm16 = 1;

/** Throws `too-large` above `limits.mediaFrameBytes`. */
export function encodeMediaFrame(frame: MediaFrame): Buffer {
  if (frame.pcm.length > limits.mediaFrameBytes) {
    throw new VoicebusError(
      'too-large',
      `A media frame of ${frame.pcm.length} bytes is above the limit; send it in pieces.`,
      { data: { bytes: frame.pcm.length, limit: limits.mediaFrameBytes } },
    );
  }
  const bytes = Buffer.allocUnsafe(mediaHeaderBytes + frame.pcm.length);
  bytes.writeUInt8(protocolVersion, 0);
  bytes.writeUInt8(pcm16, 1);
  bytes.writeUInt16BE(frame.sampleRate / 100, 2);
  bytes.writeUInt32BE(frame.sequence % 2 ** 32, 4);
  bytes.writeDoubleBE(frame.wallMs, 8);
  frame.pcm.copy(bytes, mediaHeaderBytes);
  return bytes;
}

/** Throws `bad-message` on anything else. The samples are a view of `bytes`, not a copy. */
export function decodeMediaFrame(bytes: Buffer, sessionId: string): MediaFrame {
  const isWhole =
    bytes.length >= mediaHeaderBytes &&
    bytes.length <= mediaHeaderBytes + limits.mediaFrameBytes &&
    bytes.readUInt8(0) === protocolVersion &&
    bytes.readUInt8(1) === pcm16 &&
    bytes.length % 2 === 0;
  if (!isWhole)
    throw new VoicebusError('bad-message', 'This media frame cannot be taken: it is no PCM frame.');
  return {
    sessionId,
    sequence: bytes.readUInt32BE(4),
    sampleRate: bytes.readUInt16BE(2) * 100,
    wallMs: bytes.readDoubleBE(8),
    pcm: bytes.subarray(mediaHeaderBytes),
  };
}
