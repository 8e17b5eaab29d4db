import { VoicebusError, type Clock } from '@voicebus/core';
import type { MediaKind } from '@voicebus/protocol';
import type { types } from 'mediasoup';
import type { CallerTransport, MediaParameters, PathState } from './caller-transport.ts';
import type { SpeechSenderOptions } from '../loudspeaker/speech-sender.ts';
import type { MediasoupHost } from './mediasoup-host.ts';
import { openPlainRtpTransport } from './plain-rtp-transport.ts';
import { botStream, openSpeechWay, type SpeechWay } from './speech-way.ts';
import { openWebRtcTransport } from './web-rtc-transport.ts';

export interface MediaConnectionEvents {
  /** RTP from the caller's microphone. */
  readonly onMicrophone: (packet: Buffer) => void;
  /** A message on the caller's data channel. */
  readonly onMessage: (message: Buffer) => void;
  /** The path to the caller is up, or gone: a browser's for good, plain RTP's until packets come again. */
  readonly onState: (state: PathState) => void;
}

/** A browser needs one transport each way, plain RTP one for both; more is no caller of ours. */
const maxTransports = { webrtc: 2, plain: 1 } as const;

/**
 * One link with a caller, over WebRTC or plain RTP. Its methods are the signalling requests: they take and give
 * mediasoup's own parameter objects. Messages enter and leave by a direct transport, and the caller's sound
 * leaves by it; the bot's sound enters over loopback, from a thread that does nothing but send.
 */
export class MediaConnection {
  readonly #host: MediasoupHost;
  readonly #clock: Clock;
  readonly #router: types.Router;
  readonly #server: types.WebRtcServer;
  readonly #release: () => void;
  readonly #direct: types.DirectTransport;
  readonly #speech: SpeechWay;
  readonly #botData: types.DataProducer;
  readonly #events: MediaConnectionEvents;
  readonly #transports = new Map<string, CallerTransport>();
  /** Of all its transports. */
  #kind: MediaKind = 'webrtc';
  // One of each: who asks again replaces it, or asking would be a way to fill the mediasoup worker.
  #microphone: types.Producer | undefined;
  #data: types.DataProducer | undefined;
  #botConsumer: types.Consumer | undefined;
  #botDataConsumer: types.DataConsumer | undefined;
  readonly #playable = Promise.withResolvers<void>();
  #isPlayable = false;
  #playsOn: string | undefined;
  #isClosed = false;

  private constructor(parts: {
    host: MediasoupHost;
    clock: Clock;
    opened: Awaited<ReturnType<MediasoupHost['open']>>;
    direct: types.DirectTransport;
    speech: SpeechWay;
    botData: types.DataProducer;
    events: MediaConnectionEvents;
  }) {
    this.#host = parts.host;
    this.#clock = parts.clock;
    this.#router = parts.opened.router;
    this.#server = parts.opened.server;
    this.#release = parts.opened.release;
    this.#direct = parts.direct;
    this.#speech = parts.speech;
    this.#botData = parts.botData;
    this.#events = parts.events;
    this.#router.observer.once('close', () => this.#gone());
  }

  static async open(
    { host, clock }: { readonly host: MediasoupHost; readonly clock: Clock },
    events: MediaConnectionEvents,
  ): Promise<MediaConnection> {
    const opened = await host.open();
    try {
      const direct = await opened.router.createDirectTransport();
      const botData = await direct.produceData({ label: 'fast', protocol: 'voicebus' });
      // Last: whatever fails before it leaves no line open.
      const speech = await openSpeechWay(opened.router, host.sending);
      return new MediaConnection({ host, clock, opened, direct, speech, botData, events });
    } catch (thrown) {
      opened.release();
      throw thrown;
    }
  }

  /** What the bot's packets carry, and where they go. */
  get botStream(): SpeechSenderOptions {
    const line = {
      send: (packet: Buffer, dueMs: number) => this.sendSpeech(packet, dueMs),
      takeBack: () => this.#speech.line.takeBack(),
    };
    return { ...botStream, line };
  }

  get routerRtpCapabilities(): types.RtpCapabilities {
    return this.#router.rtpCapabilities;
  }

  /** False once its mediasoup worker has died, or after `close`. */
  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /**
   * False for whoever has what they need and starts over: they need a fresh connection. Throws `not-enabled`
   * for what is not offered here.
   */
  hasRoomFor(kind: MediaKind): boolean {
    if (kind === 'plain' && !this.#host.plainRtp) {
      throw new VoicebusError(
        'not-enabled',
        'This transport agent takes no calls over plain RTP: PLAIN_RTP=on among its settings lets it.',
      );
    }
    if (this.#transports.size === 0) return true;
    return kind === this.#kind && this.#transports.size < maxTransports[kind];
  }

  async createTransport(kind: MediaKind): Promise<MediaParameters> {
    if (!this.hasRoomFor(kind)) {
      throw new VoicebusError('queue-full', 'This connection has its transports already.');
    }
    this.#kind = kind;
    const opened = await this.#openTransport(kind);
    const { id } = opened.transport;
    this.#transports.set(id, opened);
    return opened.parameters;
  }

  async #openTransport(kind: MediaKind): Promise<CallerTransport> {
    const events = {
      onState: this.#events.onState,
      onWay: () => this.#settleWay(),
    };
    const address = this.#host.plainRtp;
    return kind === 'plain' && address
      ? openPlainRtpTransport({ router: this.#router, address, clock: this.#clock }, events)
      : openWebRtcTransport({ router: this.#router, server: this.#server }, events);
  }

  async connectTransport(
    transportId: string,
    dtlsParameters: MediaParameters,
  ): Promise<MediaParameters> {
    await this.#transport(transportId).connect(dtlsParameters);
    return {};
  }

  /** The caller's microphone. */
  async produce(transportId: string, rtpParameters: MediaParameters): Promise<MediaParameters> {
    this.#microphone?.close();
    const { transport, heard } = this.#transport(transportId);
    const producer = await transport.produce({
      kind: 'audio',
      rtpParameters: rtpParameters as unknown as types.RtpParameters,
    });
    this.#microphone = producer;
    const consumer = await this.#direct.consume({
      producerId: producer.id,
      rtpCapabilities: this.#router.rtpCapabilities,
    });
    consumer.on('rtp', (packet) => {
      heard();
      this.#events.onMicrophone(packet);
    });
    return { id: producer.id };
  }

  async produceData(
    transportId: string,
    options: { parameters: MediaParameters; label: string; protocol: string },
  ): Promise<MediaParameters> {
    this.#data?.close();
    const producer = await this.#withData(transportId).produceData({
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
  async consume(transportId: string, rtpCapabilities: MediaParameters): Promise<MediaParameters> {
    const capabilities = rtpCapabilities as unknown as types.RtpCapabilities;
    if (
      !this.#router.canConsume({
        producerId: this.#speech.producer.id,
        rtpCapabilities: capabilities,
      })
    ) {
      throw new VoicebusError('bad-message', 'This caller cannot play Opus.');
    }
    const { transport } = this.#transport(transportId);
    this.#botConsumer?.close();
    const consumer = await transport.consume({
      producerId: this.#speech.producer.id,
      rtpCapabilities: capabilities,
    });
    this.#botConsumer = consumer;
    const { id, producerId, kind, rtpParameters } = consumer;
    this.#playsOn = transportId;
    this.#settleWay();
    return { id, producerId, kind, rtpParameters };
  }

  async consumeData(transportId: string): Promise<MediaParameters> {
    this.#botDataConsumer?.close();
    const consumer = await this.#withData(transportId).consumeData({
      dataProducerId: this.#botData.id,
      ordered: true,
    });
    this.#botDataConsumer = consumer;
    const { id, dataProducerId, sctpStreamParameters, label, protocol } = consumer;
    return { id, dataProducerId, sctpStreamParameters, label, protocol };
  }

  /**
   * Resolves once the bot's sound has a way to the caller: what is sent before is lost, and with it the first
   * words. Never rejects; a connection that never stands is closed.
   */
  get playable(): Promise<void> {
    return this.#playable.promise;
  }

  /**
   * One packet of the bot's sound, which leaves at `dueMs` by the connection's clock; before it has a way to the
   * caller it goes to nobody.
   */
  sendSpeech(packet: Buffer, dueMs = this.#clock.now()): void {
    if (!this.#isClosed && this.#isPlayable) this.#speech.line.send(packet, dueMs);
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
    this.#speech.line.close();
    this.#release();
  }

  #settleWay(): void {
    if (this.#playsOn === undefined || !this.#transports.get(this.#playsOn)?.hasWay()) return;
    this.#isPlayable = true;
    this.#playable.resolve();
  }

  #transport(id: string): CallerTransport {
    const transport = this.#transports.get(id);
    if (!transport)
      throw new VoicebusError('bad-message', `There is no transport ${id} on this connection.`);
    return transport;
  }

  #withData(id: string): types.Transport {
    const { transport } = this.#transport(id);
    if (this.#kind === 'webrtc') return transport;
    throw new VoicebusError(
      'bad-message',
      'Plain RTP has no data channel: every message goes over signalling.',
    );
  }

  /** The router closed under us: its worker died. */
  #gone(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#speech.line.close();
    this.#events.onState('disconnected');
  }
}
