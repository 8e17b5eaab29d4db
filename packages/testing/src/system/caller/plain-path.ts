import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { within } from '../deadline.ts';
import type { MediaPathOptions } from './media-path.ts';
import { hearingOpus, microphonePayloadType, opus, streamOf } from './opus-stream.ts';

export type PlainPathOptions = Pick<MediaPathOptions, 'ask' | 'onPacket'>;

/** Two requests and a socket: milliseconds. */
const openMs = 10_000;
const fixedHeaderBytes = 12;

const addressSchema = z.object({ id: z.string(), ip: z.string(), port: z.number() });

/** A telephone gateway's media path: one UDP socket for both directions, with nothing around the packets. */
export class PlainPath {
  /** Of the microphone. */
  readonly ssrc = randomInt(1, 2 ** 32);
  readonly #options: PlainPathOptions;
  #socket: Socket | undefined;
  #botPayloadType = -1;
  #isClosed = false;

  private constructor(options: PlainPathOptions) {
    this.#options = options;
  }

  /** Resolves when packets may be sent; the first one makes this the other end. */
  static async open(options: PlainPathOptions): Promise<PlainPath> {
    const path = new PlainPath(options);
    try {
      await within(path.#open(), openMs, 'the plain media path');
      return path;
    } catch (thrown) {
      await path.close();
      throw thrown;
    }
  }

  /** Nobody says whether the other end is there: `connected` is that it was asked for. */
  get state(): string {
    if (this.#isClosed) return 'closed';
    return this.#socket ? 'connected' : 'new';
  }

  /** Where the server takes this caller's packets. */
  get remote(): { readonly address: string; readonly port: number } {
    const { address, port } = this.#connectedSocket.remoteAddress();
    return { address, port };
  }

  /** A whole RTP packet of the microphone; its ssrc is set on the way. */
  send(packet: Buffer): void {
    if (this.#isClosed) return;
    packet.writeUInt32BE(this.ssrc, 8);
    this.sendBytes(packet);
  }

  /** Whatever it is. */
  sendBytes(bytes: Buffer): void {
    if (!this.#isClosed) this.#connectedSocket.send(bytes);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const socket = this.#socket;
    if (socket) await new Promise<void>((resolve) => socket.close(resolve));
  }

  get #connectedSocket(): Socket {
    if (!this.#socket) throw new Error('This path is not open.');
    return this.#socket;
  }

  async #open(): Promise<void> {
    const { ask } = this.#options;
    const transport = await ask({ type: 'create-transport', media: 'plain' });
    const { id: transportId, ip, port } = addressSchema.parse(transport);
    await ask({
      type: 'produce',
      transportId,
      rtpParameters: {
        codecs: [{ ...opus, payloadType: microphonePayloadType }],
        encodings: [{ ssrc: this.ssrc }],
      },
    });
    const consumer = await ask({
      type: 'consume',
      transportId,
      rtpCapabilities: hearingOpus,
    });
    this.#botPayloadType = streamOf(consumer).payloadType;
    const socket = createSocket(isIPv6(ip) ? 'udp6' : 'udp4');
    this.#socket = socket;
    socket.on('message', (bytes) => this.#receive(bytes));
    // When the call is over its port is closed: packets go nowhere, as on any network.
    socket.on('error', () => {});
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(port, ip, resolve);
    });
  }

  #receive(bytes: Buffer): void {
    if (this.#isClosed || bytes.length < fixedHeaderBytes) return;
    const second = bytes.readUInt8(1);
    // What comes besides the bot's sound is RTCP (RFC 5761, section 4).
    if ((second & 0x7f) !== this.#botPayloadType) return;
    const header = {
      marker: second >= 0x80,
      sequenceNumber: bytes.readUInt16BE(2),
      timestamp: bytes.readUInt32BE(4),
    };
    this.#options.onPacket({ header, payload: bytes.subarray(payloadStart(bytes)) });
  }
}

/** mediasoup writes a header extension into every packet, whether it was asked for or not. */
function payloadStart(bytes: Buffer): number {
  const hasExtension = (bytes.readUInt8(0) & 0x10) !== 0;
  if (!hasExtension) return fixedHeaderBytes;
  return fixedHeaderBytes + 4 + bytes.readUInt16BE(fixedHeaderBytes + 2) * 4;
}
