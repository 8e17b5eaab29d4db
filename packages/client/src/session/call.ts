import type { ClientMessage, ServerMessage } from '@voicebus/protocol';
import type { Producer } from 'mediasoup-client/types';
import { CallError } from '../failure.ts';
import { MediaLink, type LinkState } from '../media/media-link.ts';
import { mayResume } from '../signalling/failure-of-close.ts';
import { SignallingClient, type Joined, type Socket } from '../signalling/signalling-client.ts';
import { Attempts } from './attempts.ts';
import { resumeDeadlineMs } from './back-off.ts';

/** What lets a page into a session: good for a new one, or for one that it comes back to. */
export type Entry = { readonly joinToken: string } | { readonly resumeToken: string };

export interface CallOptions {
  /** WebSocket address for signalling. */
  readonly connectUrl: string;
  readonly entry: Entry;
  /** Null for a text call, which has no media at all. */
  readonly media: {
    readonly cloneTrack: () => MediaStreamTrack | null;
    readonly isGated: () => boolean;
    readonly onProducer: (producer: Producer) => void;
    /** Resolves once the page plays the bot's audio. */
    readonly play: (link: MediaLink) => Promise<void>;
  } | null;
  /** Null to be told everything from the start. */
  readonly lastEventSequence: () => number | null;
  /** Each replaces the one before; with the newest one a reloaded page may come back. */
  readonly onResumeToken: (resumeToken: string) => void;
  readonly onMessage: (message: ServerMessage) => void;
  readonly onChange: (change: CallChange) => void;
  readonly createSocket?: ((url: string) => Socket) | undefined;
}

export type CallChange =
  | { readonly type: 'media-ready' }
  /** Signalling is gone; `media` says whether the caller can still hear and be heard. */
  | { readonly type: 'signalling-lost'; readonly mediaAlive: boolean }
  | { readonly type: 'media-lost' }
  | { readonly type: 'resumed' }
  /** `lostMs`: how long it was tried to come back. */
  | { readonly type: 'failed'; readonly failure: CallError; readonly lostMs: number };

/** A media path that is interrupted this long is built anew: ICE's own consent takes up to 30 s. */
const interruptedMs = 4000;
/** A server that lives answers a ping within milliseconds; a phone network may take a second. */
const probeMs = 2000;
/** A media path that nobody served for this long is gone: its own consent checks fail. */
const mediaSleepMs = 5000;

/** One call: its socket, its media path, and what to do when either is lost. */
export class Call {
  readonly #options: CallOptions;
  #signalling: SignallingClient | null = null;
  #link: MediaLink | null = null;
  #joined: Joined | null = null;
  #resumeToken: string | null = null;
  #closed = false;
  #repair: Attempts | null = null;
  #lostAtMs = 0;
  #slept = false;
  #mediaIsStale = false;
  #interrupted: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  get link(): MediaLink | null {
    return this.#link;
  }

  /** Resolves when everything stands; rejects with the reason why it does not. */
  async open(): Promise<void> {
    await this.#join(this.#options.entry);
    await this.#openMedia();
    this.#options.onChange({ type: 'media-ready' });
  }

  /** Goes on with a session that stands; tells of success and failure as changes. */
  async reopen(): Promise<void> {
    const { entry } = this.#options;
    if ('resumeToken' in entry) this.#resumeToken = entry.resumeToken;
    await this.#bringBack(new CallError('connection-lost', 'The page was left'));
  }

  /** The machine slept, or the network changed: what looks open may be dead, and now is the time. */
  async woke(sleptMs: number): Promise<void> {
    if (this.#closed || this.#resumeToken === null) return;
    this.#slept ||= sleptMs >= resumeDeadlineMs;
    this.#mediaIsStale ||= sleptMs >= mediaSleepMs;
    if (this.#repair) this.#repair.hurry();
    else if (this.#signalling?.isOpen) await this.#signalling.probe(probeMs);
    if (!this.#signalling?.isOpen) return;
    // It answered: the timers were late, but nothing was lost. Media tells by itself.
    this.#slept = false;
    this.#mediaIsStale = false;
  }

  send(message: ClientMessage): boolean {
    return this.#signalling?.send(message) ?? false;
  }

  /** For what is worthless when late: the data channel, or signalling while there is none. */
  sendFast(message: ClientMessage): void {
    if (message.type === 'speech-probability' && this.#link?.isFastChannelFull) return;
    if (!this.#link?.sendFast(JSON.stringify(message))) this.send(message);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#interrupted);
    this.#link?.close();
    this.#signalling?.close();
  }

  async #join(token: Entry): Promise<void> {
    const signalling = new SignallingClient({
      url: this.#options.connectUrl,
      token,
      lastEventSequence: this.#options.lastEventSequence() ?? undefined,
      onMessage: (message) => this.#receive(message),
      onClosed: (failure) => void this.#signallingLost(failure),
      ...(this.#options.createSocket ? { createSocket: this.#options.createSocket } : {}),
    });
    this.#signalling = signalling;
    const joined = await signalling.open();
    this.#joined = joined;
    this.#keep(joined.resumeToken);
    this.#options.onMessage(joined);
  }

  #keep(resumeToken: string): void {
    this.#resumeToken = resumeToken;
    this.#options.onResumeToken(resumeToken);
  }

  async #openMedia(): Promise<void> {
    const { media } = this.#options;
    this.#link?.close();
    this.#link = null;
    this.#mediaIsStale = false;
    clearTimeout(this.#interrupted);
    if (media && this.#signalling && this.#joined) {
      const link = await MediaLink.open({
        signalling: this.#signalling,
        joined: this.#joined,
        track: media.cloneTrack(),
        paused: media.isGated(),
        onProducer: media.onProducer,
        onFastMessage: (data) => this.#receiveFast(data),
        onState: (state) => this.#linkState(state),
      });
      if (this.#closed) return link.close();
      this.#link = link;
      await media.play(link);
    }
    this.send({ type: 'media-ready' });
  }

  #receive(message: ServerMessage): void {
    if (message.type === 'resume-token') this.#keep(message.resumeToken);
    else if (!this.#closed) this.#options.onMessage(message);
    // The server closes the socket next: that is no loss.
    if (message.type === 'ended') this.close();
  }

  #receiveFast(data: string): void {
    const message = SignallingClient.parse(data);
    if (message && !this.#closed) this.#options.onMessage(message);
  }

  #linkState(state: LinkState): void {
    clearTimeout(this.#interrupted);
    if (this.#closed) return;
    if (state === 'dead') void this.#mediaLost();
    if (state === 'interrupted') {
      this.#interrupted = setTimeout(() => void this.#mediaLost(), interruptedMs);
    }
  }

  async #mediaLost(): Promise<void> {
    this.#options.onChange({ type: 'media-lost' });
    this.#mediaIsStale = true;
    if (this.#signalling?.isOpen)
      await this.#bringBack(new CallError('media-failed', 'Media was lost'));
  }

  async #signallingLost(failure: CallError): Promise<void> {
    // While it is being brought back, who tries hears of it anyway.
    if (this.#closed || this.#repair) return;
    if (!mayResume(failure) || this.#resumeToken === null) {
      this.#options.onChange({ type: 'failed', failure, lostMs: 0 });
      return;
    }
    const mediaAlive = this.#link?.state === 'alive' && !this.#mediaIsStale;
    this.#options.onChange({ type: 'signalling-lost', mediaAlive });
    await this.#bringBack(failure);
  }

  /** Brings back what is missing, signalling first, with growing pauses for up to 30 s. */
  async #bringBack(cause: CallError): Promise<void> {
    if (this.#repair) return;
    const attempts = new Attempts(resumeDeadlineMs);
    this.#repair = attempts;
    this.#lostAtMs = Date.now();
    let failure = cause;
    while (!this.#closed && !attempts.areOver) {
      try {
        await this.#bringBackOnce();
        this.#repair = null;
        this.#slept = false;
        if (!this.#closed) this.#options.onChange({ type: 'resumed' });
        return;
      } catch (error) {
        failure = CallError.from(error, 'connection-lost');
        if (!failure.isRetryable) break;
        await attempts.pause();
      }
    }
    this.#repair = null;
    if (!this.#closed) this.#giveUp(failure);
  }

  async #bringBackOnce(): Promise<void> {
    if (!this.#signalling?.isOpen) await this.#join({ resumeToken: this.#resumeToken ?? '' });
    if (!this.#options.media) return;
    if (this.#mediaIsStale || this.#link?.state !== 'alive') await this.#openMedia();
  }

  #giveUp(cause: CallError): void {
    const code = cause.isRetryable ? 'connection-lost' : cause.code;
    const isOver = code === 'connection-lost' || code === 'session-gone';
    const failure = new CallError(this.#slept && isOver ? 'slept' : code, cause.message, { cause });
    this.#options.onChange({ type: 'failed', failure, lostMs: Date.now() - this.#lostAtMs });
  }
}
