import type { Clock } from '@voicebus/core';
import {
  clientMessageSchema,
  limits,
  type ClientMessage,
  type MediaKind,
  type ServerMessage,
} from '@voicebus/protocol';
import {
  MediaConnection,
  MicrophoneStream,
  SpeechSender,
  type MediasoupHost,
  type MicrophoneInput,
  type PacedOutput,
  type Pacer,
} from '@voicebus/transport-mediasoup';

import { RateLimit } from '../signalling/rate-limit.ts';
import { PageClock } from './page-clock.ts';

export interface CallMediaOptions {
  readonly host: MediasoupHost;
  readonly clock: Clock;
  readonly input: MicrophoneInput;
  readonly output: PacedOutput;
  /** Everybody's: sound that comes in a burst does not make it wait. */
  readonly pacer: Pacer;
  /** A message on the data channel. */
  readonly onMessage: (message: ClientMessage) => void;
  /** The caller asked for another kind of path than they had; WebRTC is what most begin with. */
  readonly onKind: (kind: MediaKind) => void;
  readonly onLost: () => void;
}

/** What Silero calls speech; the page runs the same detector as we do. */
const pageSpeech = 0.5;
const pageWindowMs = 32;

/** What voices we have speak at; another rate reopens the encoder. */
const usualRateHz = 16_000;

/** A session's media path: one connection at a time, replaced when the page comes back with a new one. */
export class CallMedia {
  readonly #options: CallMediaOptions;
  #connection: MediaConnection | undefined;
  #microphone: MicrophoneStream | undefined;
  #sender: SpeechSender | undefined;
  readonly #pageClock = new PageClock();
  #hasDataChannel = false;
  #hadMicrophone = false;
  #kind: MediaKind = 'webrtc';
  /** The page's own VAD speaks 31 times per second at most. */
  readonly #rate: RateLimit;

  constructor(options: CallMediaOptions) {
    this.#options = options;
    this.#rate = new RateLimit(options.clock, limits.signallingMessagesPerSecond);
  }

  get isOpen(): boolean {
    return this.#connection !== undefined;
  }

  /** What the caller asked for last. */
  get kind(): MediaKind {
    return this.#kind;
  }

  /** A new media path; the one before is closed. */
  async open(): Promise<MediaConnection> {
    const { host, clock, input, pacer } = this.#options;
    const microphone = await MicrophoneStream.create({
      clock,
      onAudio: (pcm, captureMs) => input.audio(pcm, captureMs),
    });
    const connection = await MediaConnection.open(
      { host, clock },
      {
        onMicrophone: (packet) => {
          pacer.keepTime();
          microphone.receive(packet);
        },
        onMessage: (message) => this.#dataMessage(message),
        onState: (state) => {
          if (this.#connection !== connection) return;
          this.#options.output.suspend(state === 'disconnected');
          if (state === 'disconnected') this.#options.onLost();
        },
      },
    ).catch((thrown: unknown) => {
      microphone.close();
      throw thrown;
    });
    this.close();
    this.#connection = connection;
    this.#microphone = microphone;
    return connection;
  }

  /** The open media path, or a new one. */
  async connection(): Promise<MediaConnection> {
    return this.#connection?.isOpen ? this.#connection : this.open();
  }

  /** A caller who starts over, after their media path broke, gets a fresh one. */
  async createTransport(kind: MediaKind): Promise<Record<string, unknown>> {
    const current = await this.connection();
    const connection = current.hasRoomFor(kind) ? current : await this.open();
    const answer = await connection.createTransport(kind);
    if (kind !== this.#kind) {
      this.#kind = kind;
      this.#options.onKind(kind);
    }
    return answer;
  }

  /** The page plays. Calls back once the bot's sound has a way to it; not at all when it never has. */
  ready(onPlayable: () => void): void {
    const connection = this.#connection;
    if (!connection || this.#sender) return;
    const sender = new SpeechSender(connection.botStream);
    this.#sender = sender;
    void Promise.all([connection.playable, sender.open(usualRateHz)]).then(() => {
      if (this.#sender !== sender) return;
      this.#options.output.play(sender);
      onPlayable();
    });
  }

  pinged(clientMs: number): void {
    this.#pageClock.pinged(clientMs, this.#options.clock.now());
  }

  /** When, by our clock, the page's own detector last heard speech; null for silence. */
  speechOf({
    captureMs,
    probabilities,
  }: Extract<ClientMessage, { type: 'speech-probability' }>): number | null {
    const last = probabilities.findLastIndex((probability) => probability >= pageSpeech);
    if (last < 0) return null;
    const windowsAfter = probabilities.length - 1 - last;
    return this.#pageClock.toOurs(captureMs - windowsAfter * pageWindowMs);
  }

  /** Sound recorded before the path stood, by the page's clock. */
  firstWords({ captureMs, pcm, last }: Extract<ClientMessage, { type: 'preroll' }>): void {
    const bytes = Buffer.from(pcm, 'base64');
    const samples = new Int16Array(bytes.length >> 1);
    for (let index = 0; index < samples.length; index += 1)
      samples[index] = bytes.readInt16LE(index * 2);
    const startMs = this.#pageClock.toOurs(captureMs) ?? this.#options.clock.now();
    const endMs = startMs + samples.length / 16;
    this.#options.input.firstWords({ pcm: samples, captureMs: endMs }, last);
  }

  /** The first microphone of this call: a page has words from before it on their way. */
  microphoneOpened(): void {
    if (!this.#hadMicrophone && this.#kind === 'webrtc') this.#options.input.expectFirstWords();
    this.#hadMicrophone = true;
  }

  dataChannelOpened(): void {
    this.#hasDataChannel = true;
  }

  /** By the data channel, while the socket is gone. */
  tell(message: ServerMessage): void {
    if (this.#hasDataChannel) this.#connection?.sendMessage(JSON.stringify(message));
  }

  close(): void {
    this.#options.output.pause();
    // One that never got to play is nobody else's.
    this.#sender?.close();
    this.#sender = undefined;
    this.#hasDataChannel = false;
    this.#microphone?.close();
    this.#microphone = undefined;
    this.#connection?.close();
    this.#connection = undefined;
  }

  /** Nobody waits for an answer here: what is too much or no message is dropped. */
  #dataMessage(bytes: Buffer): void {
    if (bytes.length > limits.signallingMessageBytes || !this.#rate.take()) return;
    let json: unknown;
    try {
      json = JSON.parse(bytes.toString('utf8'));
    } catch {
      return;
    }
    const message = clientMessageSchema.safeParse(json);
    if (message.success) this.#options.onMessage(message.data);
  }
}
