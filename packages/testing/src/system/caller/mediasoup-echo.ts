import { createWorker, type types } from 'mediasoup';
import { freePort } from '../process/free-port.ts';
import { HeardSound } from './heard-sound.ts';
import { MediaPath, type Ask } from './media-path.ts';
import { SpokenMicrophone } from './spoken-microphone.ts';

/**
 * The same client and the same kind of media server with nothing in between: what is said comes straight
 * back. What a call takes beyond this is not the network's, the client's or mediasoup's.
 */
export class MediasoupEcho {
  readonly heard: HeardSound;
  readonly microphone: SpokenMicrophone;
  readonly #close: () => Promise<void>;

  private constructor(parts: {
    heard: HeardSound;
    microphone: SpokenMicrophone;
    close: () => Promise<void>;
  }) {
    this.heard = parts.heard;
    this.microphone = parts.microphone;
    this.#close = parts.close;
  }

  static async start(workerBin: string): Promise<MediasoupEcho> {
    await using parts = new AsyncDisposableStack();
    const worker = await createWorker({ logLevel: 'warn', workerBin });
    parts.defer(() => worker.close());
    const heard = await HeardSound.create();
    parts.defer(() => heard.close());
    const path = await MediaPath.open({
      ask: await mirror(worker),
      onPacket: ({ header, payload }) => heard.receive(header, payload),
      onMessage: () => {},
    });
    parts.defer(() => path.close());
    const microphone = await SpokenMicrophone.open((packet) => path.send(packet));
    parts.defer(() => microphone.close());
    const owned = parts.move();
    return new MediasoupEcho({ heard, microphone, close: () => owned.disposeAsync() });
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/** A router on which everybody hears the one microphone there is. */
async function mirror(worker: types.Worker): Promise<Ask> {
  const router = await worker.createRouter({
    mediaCodecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }],
  });
  const port = await freePort();
  const server = await worker.createWebRtcServer({
    listenInfos: [{ protocol: 'udp', ip: '127.0.0.1', port }],
  });
  const transports = new Map<string, types.WebRtcTransport>();
  const microphone = Promise.withResolvers<types.Producer>();
  const data = Promise.withResolvers<types.DataProducer>();
  const found = (id: string): types.WebRtcTransport => {
    const transport = transports.get(id);
    if (!transport) throw new Error(`There is no transport ${id}.`);
    return transport;
  };
  return async (request) => {
    if (request.type === 'create-transport') {
      const transport = await router.createWebRtcTransport({
        webRtcServer: server,
        enableSctp: true,
      });
      transports.set(transport.id, transport);
      const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
      return { id, iceParameters, iceCandidates, dtlsParameters };
    }
    const transport = found(request.transportId);
    switch (request.type) {
      case 'connect-transport':
        await transport.connect({ dtlsParameters: request.dtlsParameters as never });
        return {};
      case 'produce': {
        const rtpParameters = request.rtpParameters as never;
        microphone.resolve(await transport.produce({ kind: 'audio', rtpParameters }));
        return {};
      }
      case 'produce-data': {
        const sctpStreamParameters = request.sctpStreamParameters as never;
        data.resolve(await transport.produceData({ sctpStreamParameters }));
        return {};
      }
      case 'consume': {
        const { id: producerId } = await microphone.promise;
        const rtpCapabilities = request.rtpCapabilities as never;
        const { rtpParameters } = await transport.consume({ producerId, rtpCapabilities });
        return { rtpParameters };
      }
      case 'consume-data': {
        const { id: dataProducerId } = await data.promise;
        const { sctpStreamParameters } = await transport.consumeData({ dataProducerId });
        return { sctpStreamParameters };
      }
    }
  };
}
