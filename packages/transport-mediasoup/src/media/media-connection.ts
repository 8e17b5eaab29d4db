import { VoicebusError } from '@voicebus/core';
import type { types } from 'mediasoup';
import type { MediasoupHost } from './mediasoup-host.ts';

export interface MediaConnectionEvents {
  /** RTP from the caller's microphone. */
  readonly onMicrophone: (packet: Buffer) => void;
  /** A message on the caller's data channel. */
  readonly onMessage: (message: Buffer) => void;
  /** The path to the browser is up, or gone for good. */
  readonly onState: (state: 'connected' | 'disconnected') => void;
}

const botPayloadType = 100;
const botSsrc = 0x766f6963;
/** A browser needs one transport each way; more is no browser of ours. */
const maxTransports = 2;

type Parameters = Record<string, unknown>;

/**
 * One WebRTC link with a browser. Its methods are the signalling requests: they take and give mediasoup's
 * own parameter objects. The bot's sound and messages enter by a direct transport, the caller's leave by it.
 */
export class MediaConnection {
  readonly #router: types.Router;
  readonly #server: types.WebRtcServer;
  readonly #release: () => void;
  readonly #direct: types.DirectTransport;
  readonly #bot: types.Producer;
  readonly #botData: types.DataProducer;
  readonly #events: MediaConnectionEvents;
  readonly #transports = new Map<string, types.WebRtcTransport>();
  // One of each: who asks again replaces it, or asking would be a way to fill the mediasoup worker.
  #microphone: types.Producer | undefined;
  #data: types.DataProducer | undefined;
  #botConsumer: types.Consumer | undefined;
  #botDataConsumer: types.DataConsumer | undefined;
  readonly #playable = Promise.withResolvers<void>();
  #playsOn: string | undefined;
  #isClosed = false;

  private constructor(parts: {
    opened: Awaited<ReturnType<MediasoupHost['open']>>;
    direct: types.DirectTransport;
    bot: types.Producer;
    botData: types.DataProducer;
    events: MediaConnectionEvents;
  }) {
    this.#router = parts.opened.router;
    this.#server = parts.opened.server;
    this.#release = parts.opened.release;
    this.#direct = parts.direct;
    this.#bot = parts.bot;
    this.#botData = parts.botData;
    this.#events = parts.events;
    this.#router.observer.once('close', () => this.#gone());
  }

  static async open(host: MediasoupHost, events: MediaConnectionEvents): Promise<MediaConnection> {
    const opened = await host.open();
    try {
      const direct = await opened.router.createDirectTransport();
      const bot = await direct.produce({
        kind: 'audio',
        rtpParameters: {
          mid: 'bot',
          codecs: [
            {
              mimeType: 'audio/opus',
              payloadType: botPayloadType,
              clockRate: 48_000,
              channels: 2,
              parameters: { useinbandfec: 1 },
            },
          ],
          encodings: [{ ssrc: botSsrc }],
          rtcp: { cname: 'voicebus' },
        },
      });
      const botData = await direct.produceData({ label: 'fast', protocol: 'voicebus' });
      return new MediaConnection({ opened, direct, bot, botData, events });
    } catch (thrown) {
      opened.release();
      throw thrown;
    }
  }

  /** What the bot's packets carry. */
  get botStream(): { readonly payloadType: number; readonly ssrc: number } {
    return { payloadType: botPayloadType, ssrc: botSsrc };
  }

  get routerRtpCapabilities(): types.RtpCapabilities {
    return this.#router.rtpCapabilities;
  }

  /** False once its mediasoup worker has died, or after `close`. */
  get isOpen(): boolean {
    return !this.#isClosed;
  }

  get transportCount(): number {
    return this.#transports.size;
  }

  async createTransport(): Promise<Parameters> {
    if (this.#transports.size >= maxTransports) {
      throw new VoicebusError('queue-full', 'This connection has both of its transports already.');
    }
    const transport = await this.#router.createWebRtcTransport({
      webRtcServer: this.#server,
      enableUdp: true,
      enableTcp: true,
      preferUdp: true,
      enableSctp: true,
    });
    this.#transports.set(transport.id, transport);
    transport.on('icestatechange', (state) => {
      if (state === 'disconnected') this.#events.onState('disconnected');
      if (state === 'completed' || state === 'connected') this.#events.onState('connected');
    });
    transport.on('dtlsstatechange', (state) => {
      if (state === 'connected') this.#secured(transport.id);
      if (state === 'failed' || state === 'closed') this.#events.onState('disconnected');
    });
    const { id, iceParameters, iceCandidates, dtlsParameters, sctpParameters } = transport;
    return { id, iceParameters, iceCandidates, dtlsParameters, sctpParameters };
  }

  async connectTransport(transportId: string, dtlsParameters: Parameters): Promise<Parameters> {
    await this.#transport(transportId).connect({
      dtlsParameters: dtlsParameters as unknown as types.DtlsParameters,
    });
    return {};
  }

  /** The caller's microphone. */
  async produce(transportId: string, rtpParameters: Parameters): Promise<Parameters> {
    this.#microphone?.close();
    const producer = await this.#transport(transportId).produce({
      kind: 'audio',
      rtpParameters: rtpParameters as unknown as types.RtpParameters,
    });
    this.#microphone = producer;
    const consumer = await this.#direct.consume({
      producerId: producer.id,
      rtpCapabilities: this.#router.rtpCapabilities,
    });
    consumer.on('rtp', this.#events.onMicrophone);
    return { id: producer.id };
  }

  async produceData(
    transportId: string,
    options: { parameters: Parameters; label: string; protocol: string },
  ): Promise<Parameters> {
    this.#data?.close();
    const producer = await this.#transport(transportId).produceData({
      sctpStreamParameters: options.parameters as unknown as types.SctpStreamParameters,
      label: options.label,
      protocol: options.protocol,
    });
    this.#data = producer;
    const consumer = await this.#direct.consumeData({ dataProducerId: producer.id });
    consumer.on('message', this.#events.onMessage);
    return { id: producer.id };
  }

  /** The bot's sound, for the caller. */
  async consume(transportId: string, rtpCapabilities: Parameters): Promise<Parameters> {
    const capabilities = rtpCapabilities as unknown as types.RtpCapabilities;
    if (!this.#router.canConsume({ producerId: this.#bot.id, rtpCapabilities: capabilities })) {
      throw new VoicebusError('bad-message', 'This browser cannot play Opus.');
    }
    const transport = this.#transport(transportId);
    this.#botConsumer?.close();
    const consumer = await transport.consume({
      producerId: this.#bot.id,
      rtpCapabilities: capabilities,
    });
    this.#botConsumer = consumer;
    const { id, producerId, kind, rtpParameters } = consumer;
    this.#playsOn = transportId;
    if (transport.dtlsState === 'connected') this.#playable.resolve();
    return { id, producerId, kind, rtpParameters };
  }

  async consumeData(transportId: string): Promise<Parameters> {
    this.#botDataConsumer?.close();
    const consumer = await this.#transport(transportId).consumeData({
      dataProducerId: this.#botData.id,
      ordered: true,
    });
    this.#botDataConsumer = consumer;
    const { id, dataProducerId, sctpStreamParameters, label, protocol } = consumer;
    return { id, dataProducerId, sctpStreamParameters, label, protocol };
  }

  /**
   * Resolves once the bot's sound has a way to the browser: what is sent before its transport is secured
   * is lost, and with it the first words. Never rejects; a connection that never stands is closed.
   */
  get playable(): Promise<void> {
    return this.#playable.promise;
  }

  /** One packet of the bot's sound. */
  sendSpeech(packet: Buffer): void {
    if (!this.#isClosed) this.#bot.send(packet);
  }

  /** One message on the caller's data channel; lost when there is none. */
  sendMessage(message: string): void {
    if (!this.#isClosed) this.#botData.send(message);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A server keeps the transports that its router closes, and with them their whole session.
    for (const transport of this.#transports.values()) transport.close();
    this.#release();
  }

  #secured(transportId: string): void {
    if (transportId === this.#playsOn) this.#playable.resolve();
  }

  #transport(id: string): types.WebRtcTransport {
    const transport = this.#transports.get(id);
    if (!transport)
      throw new VoicebusError('bad-message', `There is no transport ${id} on this connection.`);
    return transport;
  }

  /** The router closed under us: its worker died. */
  #gone(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#events.onState('disconnected');
  }
}
