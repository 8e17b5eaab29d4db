import type { ClientMessage } from '@voicebus/protocol';
import { MediaStreamTrack, RTCPeerConnection, RTCRtpCodecParameters } from 'werift';
import type { RTCDataChannel } from 'werift';
import { z } from 'zod';
import { within } from '../deadline.ts';
import {
  hearingOpus,
  microphonePayloadType,
  opus,
  streamOf,
  type ReceivedPacket,
} from './opus-stream.ts';
import {
  remoteDescription,
  remoteTransportSchema,
  valueOf,
  type RemoteTransport,
} from './remote-description.ts';

type RequestType =
  | 'create-transport'
  | 'connect-transport'
  | 'produce'
  | 'produce-data'
  | 'consume'
  | 'consume-data';
type Unnumbered<Message> = Message extends { id: number } ? Omit<Message, 'id'> : never;
/** A signalling request without its number. */
export type MediaRequest = Unnumbered<Extract<ClientMessage, { type: RequestType }>>;
/** Carries a request out; gives mediasoup's answer. */
export type Ask = (request: MediaRequest) => Promise<Record<string, unknown>>;

export interface MediaPathOptions {
  readonly ask: Ask;
  readonly onPacket: (packet: ReceivedPacket) => void;
  readonly onMessage: (text: string) => void;
  /** False leaves the microphone out. Default: true. */
  readonly microphone?: boolean;
}

/** ICE and DTLS over loopback take 150 to 400 ms; ten seconds are a busy machine's. */
const connectMs = 10_000;

/** A browser's two WebRTC connections, in Node: the microphone up, the bot's sound down, a data channel each way. */
export class MediaPath {
  readonly #options: MediaPathOptions;
  readonly #up = createPeer(microphonePayloadType);
  #down: RTCPeerConnection | undefined;
  readonly #microphone = new MediaStreamTrack({ kind: 'audio' });
  #fast: RTCDataChannel | undefined;

  private constructor(options: MediaPathOptions) {
    this.#options = options;
  }

  static async open(options: MediaPathOptions): Promise<MediaPath> {
    const path = new MediaPath(options);
    try {
      await within(Promise.all([path.#openUp(), path.#openDown()]), connectMs, 'the media path');
      return path;
    } catch (thrown) {
      await path.close();
      throw thrown;
    }
  }

  /** Anything but `connected` after `open` means that the path is broken. */
  get state(): string {
    return this.#down?.connectionState ?? 'new';
  }

  /** A whole RTP packet of the microphone; its ssrc is set on the way. */
  send(packet: Buffer): void {
    this.#microphone.writeRtp(packet);
  }

  sendMessage(text: string): void {
    this.#fast?.send(text);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#up.close(), this.#down?.close()]);
  }

  async #openUp(): Promise<void> {
    const peer = this.#up;
    const { ask, microphone = true } = this.#options;
    const transport = await createTransport(ask, 'send');
    const audio = peer.addTransceiver(this.#microphone, { direction: 'sendonly' });
    this.#fast = peer.createDataChannel('fast', { negotiated: true, id: 0, ordered: true });
    await peer.setLocalDescription(await peer.createOffer());
    const offer = peer.localDescription?.sdp ?? '';
    await connect(ask, transport, offer);
    const [mid, dataMid] = [...offer.matchAll(/a=mid:(\S+)/g)].map(([, found]) => found ?? '');
    const answer = remoteDescription(
      transport,
      { mid: mid ?? '0', payloadType: microphonePayloadType, direction: 'recvonly' },
      dataMid ?? '1',
    );
    const connected = untilConnected(peer);
    await peer.setRemoteDescription({ type: 'answer', sdp: answer });
    if (microphone) {
      await ask({
        type: 'produce',
        transportId: transport.id,
        rtpParameters: {
          mid: mid ?? '0',
          codecs: [{ ...opus, payloadType: microphonePayloadType, parameters: {} }],
          encodings: [{ ssrc: audio.sender.ssrc }],
          rtcp: { cname: 'caller' },
        },
      });
    }
    await ask({
      type: 'produce-data',
      transportId: transport.id,
      sctpStreamParameters: { streamId: 0, ordered: true },
      label: 'fast',
      protocol: '',
    });
    await connected;
    await untilOpen(this.#fast);
  }

  async #openDown(): Promise<void> {
    const { ask, onPacket, onMessage } = this.#options;
    const transport = await createTransport(ask, 'receive');
    const consumer = await ask({
      type: 'consume',
      transportId: transport.id,
      rtpCapabilities: hearingOpus,
    });
    const data = await ask({ type: 'consume-data', transportId: transport.id });
    const { payloadType, ssrc } = streamOf(consumer);
    const peer = createPeer(payloadType);
    this.#down = peer;
    peer.onTrack.subscribe((track) => track.onReceiveRtp.subscribe(onPacket));
    const channel = peer.createDataChannel('fast', { negotiated: true, id: streamId(data) });
    channel.onMessage.subscribe((message) => onMessage(String(message)));
    const connected = untilConnected(peer);
    const sdp = remoteDescription(
      transport,
      { mid: '0', payloadType, direction: 'sendonly', ssrc },
      '1',
    );
    await peer.setRemoteDescription({ type: 'offer', sdp });
    await peer.setLocalDescription(await peer.createAnswer());
    await connect(ask, transport, peer.localDescription?.sdp ?? '');
    await connected;
    await untilOpen(channel);
  }
}

function createPeer(payloadType: number): RTCPeerConnection {
  return new RTCPeerConnection({
    iceServers: [],
    // One socket per connection: werift leaves those of unused media sections open.
    bundlePolicy: 'max-bundle',
    codecs: { audio: [new RTCRtpCodecParameters({ ...opus, payloadType })] },
    iceAdditionalHostAddresses: ['127.0.0.1'],
    iceUseIpv6: false,
    iceUseTcp: false,
  });
}

async function createTransport(ask: Ask, direction: 'send' | 'receive'): Promise<RemoteTransport> {
  return remoteTransportSchema.parse(await ask({ type: 'create-transport', direction }));
}

async function connect(ask: Ask, transport: RemoteTransport, sdp: string): Promise<void> {
  const value = valueOf(sdp, /a=fingerprint:sha-256 (\S+)/);
  await ask({
    type: 'connect-transport',
    transportId: transport.id,
    dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] },
  });
}

function untilConnected(peer: RTCPeerConnection): Promise<void> {
  const connected = new Promise<void>((resolve, reject) => {
    peer.connectionStateChange.subscribe((state) => {
      if (state === 'connected') resolve();
      if (state === 'failed' || state === 'closed') reject(new Error(`The connection ${state}.`));
    });
  });
  // Nobody waits for it yet, or any more, when what comes before it takes too long.
  connected.catch(() => {});
  return connected;
}

function untilOpen(channel: RTCDataChannel): Promise<void> {
  if (channel.readyState === 'open') return Promise.resolve();
  return new Promise((resolve) => {
    channel.stateChanged.subscribe((state) => {
      if (state === 'open') resolve();
    });
  });
}

const dataConsumerSchema = z.object({ sctpStreamParameters: z.object({ streamId: z.number() }) });

function streamId(data: Record<string, unknown>): number {
  return dataConsumerSchema.parse(data).sctpStreamParameters.streamId;
}
