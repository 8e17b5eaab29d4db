import type { ClientMessage, CreateSessionResponse, ServerMessage } from '@voicebus/protocol';
import type { Producer } from 'mediasoup-client/types';
import { CallError } from '../failure.ts';
import { MediaLink, type LinkState } from '../media/media-link.ts';
import { mayResume } from '../signalling/failure-of-close.ts';
import { SignallingClient, type Joined, type Socket } from '../signalling/signalling-client.ts';
import { backOffMs, resumeDeadlineMs } from './back-off.ts';

export interface CallOptions {
  readonly created: CreateSessionResponse;
  /** Null for a text call, which has no media at all. */
  readonly media: {
    readonly cloneTrack: () => MediaStreamTrack | null;
    readonly isGated: () => boolean;
    readonly onProducer: (producer: Producer) => void;
    /** Resolves once the page plays the bot's audio. */
    readonly play: (link: MediaLink) => Promise<void>;
  } | null;
  readonly lastEventSequence: () => number | null;
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
  | { readonly type: 'failed'; readonly failure: CallError };

/** A media path that is interrupted this long is built anew: ICE's own consent takes up to 30 s. */
const interruptedMs = 4000;

/** One call: its socket, its media path, and what to do when either is lost. */
export class Call {
  readonly #options: CallOptions;
  #signalling: SignallingClient | null = null;
  #link: MediaLink | null = null;
  #joined: Joined | null = null;
  #resumeToken: string | null = null;
  #closed = false;
  #repairing = false;
  #interrupted: ReturnType<typeof setTimeout> | undefined;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  get link(): MediaLink | null {
    return this.#link;
  }

  /** Resolves when everything stands; rejects with the reason why it does not. */
  async open(): Promise<void> {
    await this.#join({ joinToken: this.#options.created.joinToken });
    await this.#openMedia();
    this.#options.onChange({ type: 'media-ready' });
  }

  send(message: ClientMessage): boolean {
    return this.#signalling?.send(message) ?? false;
  }

  /** For what is worthless when late: the data channel, or signalling while there is none. */
  sendFast(message: ClientMessage): void {
    if (!this.#link?.sendFast(JSON.stringify(message))) this.send(message);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#interrupted);
    this.#link?.close();
    this.#signalling?.close();
  }

  async #join(token: { joinToken: string } | { resumeToken: string }): Promise<void> {
    const signalling = new SignallingClient({
      url: this.#options.created.connectUrl,
      token,
      lastEventSequence: this.#options.lastEventSequence() ?? undefined,
      onMessage: (message) => this.#receive(message),
      onClosed: (failure) => void this.#signallingLost(failure),
      ...(this.#options.createSocket ? { createSocket: this.#options.createSocket } : {}),
    });
    this.#signalling = signalling;
    const joined = await signalling.open();
    this.#joined = joined;
    this.#resumeToken = joined.resumeToken;
    this.#options.onMessage(joined);
  }

  async #openMedia(): Promise<void> {
    const { media } = this.#options;
    this.#link?.close();
    this.#link = null;
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
    if (message.type === 'resume-token') this.#resumeToken = message.resumeToken;
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
    if (this.#closed || this.#repairing) return;
    if (state === 'dead') void this.#mediaLost();
    if (state === 'interrupted') {
      this.#interrupted = setTimeout(() => void this.#mediaLost(), interruptedMs);
    }
  }

  async #mediaLost(): Promise<void> {
    this.#options.onChange({ type: 'media-lost' });
    if (this.#signalling?.isOpen)
      await this.#repair(new CallError('media-failed', 'Media was lost'));
  }

  async #signallingLost(failure: CallError): Promise<void> {
    if (this.#closed) return;
    if (!mayResume(failure) || this.#resumeToken === null) {
      this.#options.onChange({ type: 'failed', failure });
      return;
    }
    const mediaAlive = this.#link?.state === 'alive';
    this.#options.onChange({ type: 'signalling-lost', mediaAlive });
    await this.#repair(failure);
  }

  /** Brings back what is missing, signalling first, with growing pauses for up to 30 s. */
  async #repair(cause: CallError): Promise<void> {
    if (this.#repairing) return;
    this.#repairing = true;
    const giveUpMs = performance.now() + resumeDeadlineMs;
    let failure = cause;
    for (let attempt = 0; !this.#closed && performance.now() < giveUpMs; attempt++) {
      try {
        if (!this.#signalling?.isOpen) await this.#join({ resumeToken: this.#resumeToken ?? '' });
        if (this.#options.media && this.#link?.state !== 'alive') await this.#openMedia();
        this.#repairing = false;
        if (!this.#closed) this.#options.onChange({ type: 'resumed' });
        return;
      } catch (error) {
        failure = CallError.from(error, 'connection-lost');
        if (!failure.isRetryable) break;
        await new Promise((resolve) => setTimeout(resolve, backOffMs(attempt)));
      }
    }
    this.#repairing = false;
    if (this.#closed) return;
    const lost = failure.isRetryable
      ? new CallError('connection-lost', failure.message, { cause: failure })
      : failure;
    this.#options.onChange({ type: 'failed', failure: lost });
  }
}
