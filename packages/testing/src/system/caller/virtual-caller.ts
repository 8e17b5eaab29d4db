import { randomUUID } from 'node:crypto';
import type { ClientMessage, MediaKind, ServerMessage, SessionEventType } from '@voicebus/protocol';
import { createSessionResponseSchema, serverMessageSchema } from '@voicebus/protocol';
import { within } from '../deadline.ts';
import { EventLog, type EventOf, type UntilEventOptions } from './event-log.ts';
import { HeardSound, type HeardPacket } from './heard-sound.ts';
import { MediaPath } from './media-path.ts';
import { PlainPath, type PlainPathOptions } from './plain-path.ts';
import { Signalling, type SocketEnd } from './signalling.ts';
import { SpokenMicrophone, type Spoken } from './spoken-microphone.ts';

export interface VirtualCallerOptions {
  /** The transport agent, such as `http://127.0.0.1:3001`. */
  readonly url: string;
  /** False: a caller who types and reads. Default: true. */
  readonly audio?: boolean;
  /** `plain`: as a telephone gateway calls, without the price of ICE, DTLS and SRTP. Default: `webrtc`. */
  readonly media?: MediaKind;
  /** 16 kHz mono that was recorded before the media path stood, and goes before the live sound. */
  readonly firstWords?: Int16Array;
}

export interface Verdict {
  readonly verdict: 'interrupt' | 'resume';
  /** On `performance.now()`. */
  readonly arrivedMs: number;
}

/** 32 KB is the protocol's limit of one piece. */
const pieceSamples = 16_000;

/** A caller over real WebRTC, or over plain RTP, from Node: creates a session, connects, talks, types and listens. */
export class VirtualCaller {
  readonly events = new EventLog();
  readonly heard: HeardSound;
  /** Everything the server said that is no event. */
  readonly messages: ServerMessage[] = [];
  /** How many messages came over the data channel. */
  fastMessages = 0;
  readonly #options: VirtualCallerOptions;
  #signalling: Signalling | undefined;
  #path: MediaPath | PlainPath | undefined;
  #microphone: SpokenMicrophone | undefined;
  #resumeToken = '';
  #sessionId = '';
  readonly #onMessage = new Set<(message: ServerMessage) => void>();

  private constructor(options: VirtualCallerOptions, heard: HeardSound) {
    this.#options = options;
    this.heard = heard;
  }

  /** Resolves when the call stands: from then on the first agent may speak. */
  static async call(options: VirtualCallerOptions): Promise<VirtualCaller> {
    const caller = new VirtualCaller(options, await HeardSound.create());
    try {
      await caller.#start();
      return caller;
    } catch (thrown) {
      await caller.close();
      throw thrown;
    }
  }

  get sessionId(): string {
    return this.#sessionId;
  }

  /** Rotates with every join. */
  get resumeToken(): string {
    return this.#resumeToken;
  }

  get microphone(): SpokenMicrophone {
    if (!this.#microphone) throw new Error('This caller has no microphone.');
    return this.#microphone;
  }

  /** Resolves when the signalling socket is closed. */
  get ended(): Promise<SocketEnd> {
    if (!this.#signalling) throw new Error('This caller is not connected.');
    return this.#signalling.closed;
  }

  /** Says 16 kHz PCM; resolves when the last sample has left. */
  say(pcm: Int16Array): Promise<Spoken> {
    return this.microphone.say(pcm);
  }

  type(text: string): string {
    const messageId = randomUUID();
    this.send({ type: 'text-input', messageId, text });
    return messageId;
  }

  /** What a page does that heard speech over the bot: it went silent, and asks for a verdict. */
  hold(): string {
    const holdId = randomUUID();
    const playedRtpTimestamp = this.heard.last?.rtpTimestamp ?? 0;
    this.sendFast({ type: 'speech-hold', holdId, playedRtpTimestamp });
    return holdId;
  }

  send(message: ClientMessage): void {
    this.#signalling?.send(message);
  }

  /** Over the data channel, where there is one. */
  sendFast(message: ClientMessage): void {
    if (this.#path instanceof MediaPath) this.#path.sendMessage(JSON.stringify(message));
    else this.send(message);
  }

  untilEvent<Type extends SessionEventType>(
    type: Type,
    options?: UntilEventOptions<Type>,
  ): Promise<EventOf<Type>> {
    return this.events.until(type, options);
  }

  async untilMessage<Type extends ServerMessage['type']>(
    type: Type,
    limitMs = 10_000,
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    type Wanted = Extract<ServerMessage, { type: Type }>;
    const fits = (message: ServerMessage): message is Wanted => message.type === type;
    const known = this.messages.find(fits);
    if (known) return known;
    const found = Promise.withResolvers<Wanted>();
    const listen = (message: ServerMessage): void => {
      if (fits(message)) found.resolve(message);
    };
    this.#onMessage.add(listen);
    return within(found.promise, limitMs, `the message ${type}`).finally(() =>
      this.#onMessage.delete(listen),
    );
  }

  /** What became of a hold, and when the page knew. */
  async untilVerdict(holdId: string, limitMs = 10_000): Promise<Verdict> {
    const found = Promise.withResolvers<Verdict>();
    const listen = (message: ServerMessage): void => {
      if (message.type === 'verdict' && message.holdId === holdId)
        found.resolve({ verdict: message.verdict, arrivedMs: performance.now() });
    };
    this.#onMessage.add(listen);
    return within(found.promise, limitMs, `a verdict on ${holdId}`).finally(() =>
      this.#onMessage.delete(listen),
    );
  }

  /** The bot sounds: the first audible packet from now (or from `afterMs`) on. */
  async untilSound(afterMs = performance.now(), limitMs = 15_000): Promise<HeardPacket> {
    return this.#untilPacket(
      () => this.heard.firstAudibleAfter(afterMs),
      `sound\n${this.events.describe()}`,
      limitMs,
    );
  }

  /** Nothing audible came for this long. */
  async untilQuiet(quietMs = 600, limitMs = 30_000): Promise<void> {
    const endsMs = performance.now() + limitMs;
    const startedMs = performance.now();
    for (;;) {
      const sinceMs = performance.now() - Math.max(this.heard.lastAudibleMs, startedMs);
      if (sinceMs >= quietMs) return;
      if (performance.now() > endsMs) throw new Error(`The bot sounded for ${limitMs} ms.`);
      await new Promise((resolve) => setTimeout(resolve, Math.max(5, quietMs - sinceMs)));
    }
  }

  /** Cuts the socket only, as a network that breaks does; media goes on. */
  async loseSignalling(): Promise<void> {
    this.#signalling?.close();
    await this.#signalling?.closed;
  }

  /** Comes back on a new socket; the events that were missed come again. */
  async resume(): Promise<void> {
    const lastEventSequence = this.events.lastSequence;
    const url = new URL('/v1/connect', this.#options.url);
    url.protocol = 'ws:';
    await this.#join(url.href, { resumeToken: this.#resumeToken, lastEventSequence });
  }

  /** Leaves without a word. */
  async close(): Promise<void> {
    this.#microphone?.close();
    this.#signalling?.close();
    await this.#path?.close();
    this.heard.close();
  }

  async #start(): Promise<void> {
    const { url, audio = true } = this.#options;
    const response = await fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ audio }),
      signal: AbortSignal.timeout(10_000),
    });
    if (!response.ok) throw new Error(`No session: ${response.status} ${await response.text()}`);
    const { joinToken, connectUrl } = createSessionResponseSchema.parse(await response.json());
    await this.#join(connectUrl, { joinToken });
    if (audio) await this.openMedia();
  }

  /** The media path, or a new one in its place. */
  async openMedia(): Promise<void> {
    const signalling = this.#signalling;
    if (!signalling) throw new Error('This caller is not connected.');
    const isFirst = this.#microphone === undefined;
    await this.#path?.close();
    const ends: PlainPathOptions = {
      ask: (request) => signalling.ask(request),
      onPacket: ({ header, payload }) => this.heard.receive(header, payload),
    };
    this.#path =
      this.#options.media === 'plain'
        ? await PlainPath.open(ends)
        : await MediaPath.open({
            ...ends,
            onMessage: (text) => {
              this.fastMessages += 1;
              this.#receive(serverMessageSchema.parse(JSON.parse(text)));
            },
          });
    if (isFirst) {
      this.#sendFirstWords();
      this.#microphone = await SpokenMicrophone.open((packet) => this.#path?.send(packet));
    }
    this.send({ type: 'media-ready' });
  }

  async #join(
    url: string,
    hello: { joinToken: string } | { resumeToken: string; lastEventSequence: number },
  ): Promise<void> {
    const { signalling, joined } = await Signalling.join({
      url,
      hello,
      onMessage: (message) => this.#receive(message),
    });
    this.#signalling = signalling;
    this.#sessionId = joined.sessionId;
    this.#resumeToken = joined.resumeToken;
    this.send({ type: 'clock-ping', clientMs: performance.now() });
  }

  /** The page always sends the last piece, also when nothing was said: the live sound waits for it. */
  #sendFirstWords(): void {
    const pcm = this.#options.firstWords ?? new Int16Array(0);
    const startMs = performance.now() - pcm.length / 16;
    for (let start = 0; start < pcm.length; start += pieceSamples) {
      const piece = pcm.slice(start, start + pieceSamples);
      const base64 = Buffer.from(piece.buffer, 0, piece.byteLength).toString('base64');
      this.send({ type: 'preroll', captureMs: startMs + start / 16, pcm: base64, last: false });
    }
    this.send({ type: 'preroll', captureMs: performance.now(), pcm: '', last: true });
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'events') this.events.take(message.events);
    else this.messages.push(message);
    for (const listener of this.#onMessage) listener(message);
  }

  async #untilPacket(
    find: () => HeardPacket | undefined,
    what: string,
    limitMs: number,
  ): Promise<HeardPacket> {
    const known = find();
    if (known) return known;
    const found = Promise.withResolvers<HeardPacket>();
    const stop = this.heard.onPacket(() => {
      const packet = find();
      if (packet) found.resolve(packet);
    });
    return within(found.promise, limitMs, what).finally(stop);
  }
}
