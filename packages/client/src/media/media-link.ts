import type {
  Consumer,
  DataConsumer,
  DataProducer,
  Device,
  Producer,
  Transport,
} from 'mediasoup-client/types';
import type { Joined, SignallingClient } from '../signalling/signalling-client.ts';
import { createTransport } from './media-transport.ts';
import { replies } from './replies.ts';

export interface MediaLinkOptions {
  readonly signalling: SignallingClient;
  readonly joined: Joined;
  /** Null for a caller who only listens. The link owns it and stops it. */
  readonly track: MediaStreamTrack | null;
  /** Starts paused when the caller is muted: then not one packet leaves. */
  readonly paused: boolean;
  /** At once, when the microphone's producer stands: its first packet may follow within milliseconds. */
  readonly onProducer: (producer: Producer) => void;
  readonly onFastMessage: (data: string) => void;
  /** Told of each change; `dead` is final. */
  readonly onState: (state: LinkState) => void;
}

/** Five seconds of what the page says while somebody talks, at 100 bytes a message. */
const fastBufferBytes = 16 * 1024;

export type LinkState = 'connecting' | 'alive' | 'interrupted' | 'dead';

/** The media path of one connection: the microphone up, the bot's audio down, a data channel each way. */
export class MediaLink {
  readonly #options: MediaLinkOptions;
  readonly #transports: Transport[] = [];
  #producer: Producer | null = null;
  #consumer: Consumer | null = null;
  #fast: DataProducer | null = null;
  #state: LinkState = 'connecting';

  private constructor(options: MediaLinkOptions) {
    this.#options = options;
  }

  static async open(options: MediaLinkOptions): Promise<MediaLink> {
    const link = new MediaLink(options);
    try {
      const { Device: MediasoupDevice } = await import('mediasoup-client');
      const device = await MediasoupDevice.factory();
      await device.load({ routerRtpCapabilities: replies.routerCapabilities(options.joined) });
      await Promise.all([link.#openReceive(device), link.#openSend(device)]);
      return link;
    } catch (error) {
      link.close();
      throw error;
    }
  }

  get state(): LinkState {
    return this.#state;
  }

  get producer(): Producer | null {
    return this.#producer;
  }

  get consumer(): Consumer | null {
    return this.#consumer;
  }

  /** False while there is no data channel: the message then goes over signalling. */
  sendFast(text: string): boolean {
    if (this.#fast?.readyState !== 'open') return false;
    this.#fast.send(text);
    return true;
  }

  /** What would wait behind this much is late when it arrives: hints are worth nothing then. */
  get isFastChannelFull(): boolean {
    return (this.#fast?.bufferedAmount ?? 0) > fastBufferBytes;
  }

  /** Changes what the producer sends; the link owns the new track, too. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    const before = this.#producer?.track;
    await this.#producer?.replaceTrack({ track });
    before?.stop();
  }

  close(): void {
    this.#state = 'dead';
    this.#producer?.track?.stop();
    for (const transport of this.#transports) transport.close();
    this.#options.track?.stop();
  }

  async #openReceive(device: Device): Promise<void> {
    const { signalling } = this.#options;
    const transport = await createTransport(device, signalling, 'receive');
    this.#watch(transport);
    const consumed = signalling.request({
      type: 'consume',
      transportId: transport.id,
      rtpCapabilities: { ...device.recvRtpCapabilities },
    });
    const consumedData = signalling.request({ type: 'consume-data', transportId: transport.id });
    // One handler may fail while the other is still on its way: neither is left unhandled.
    const [audio, data] = await Promise.all([consumed, consumedData]);
    this.#consumer = await transport.consume(replies.consumer(audio));
    const channel: DataConsumer = await transport.consumeData(replies.dataConsumer(data));
    channel.on('message', (message: unknown) => {
      if (typeof message === 'string') this.#options.onFastMessage(message);
    });
  }

  async #openSend(device: Device): Promise<void> {
    const { signalling, track } = this.#options;
    const transport = await createTransport(device, signalling, 'send');
    this.#watch(transport);
    if (track) {
      this.#producer = await transport.produce({
        track,
        // A retransmitted microphone packet would come too late; FEC repairs single losses. DTX would
        // leave holes that the server must tell from loss.
        codecOptions: { opusStereo: false, opusFec: true, opusDtx: false },
        disableTrackOnPause: true,
        zeroRtpOnPause: true,
        stopTracks: false,
      });
      if (this.#options.paused) this.#producer.pause();
      this.#options.onProducer(this.#producer);
    }
    this.#fast = await transport.produceData({
      label: 'fast',
      ordered: false,
      // A VAD window that comes late is worth less than the next one.
      maxRetransmits: 0,
    });
  }

  #watch(transport: Transport): void {
    this.#transports.push(transport);
    transport.on('connectionstatechange', () => {
      if (this.#state === 'dead') return;
      const states = this.#transports.map((each) => each.connectionState);
      const state = linkState(states);
      if (state === this.#state) return;
      this.#state = state;
      this.#options.onState(state);
    });
  }
}

function linkState(states: readonly string[]): LinkState {
  if (states.includes('failed') || states.includes('closed')) return 'dead';
  if (states.includes('disconnected')) return 'interrupted';
  return states.every((state) => state === 'connected') ? 'alive' : 'connecting';
}
