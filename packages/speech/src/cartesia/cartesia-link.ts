import { healthAfter, VoicebusError, type Clock } from '@voicebus/core';
import { CartesiaConnection } from './cartesia-connection.ts';
import type { SocketOptions } from './cartesia-socket.ts';

export interface LinkOptions extends SocketOptions {
  readonly clock: Clock;
  readonly connectMs: number;
  readonly onConnected: (ms: number) => void;
  /** 0 to 1. */
  readonly random: () => number;
}

/** Processes that one fault disconnected do not all come back in one moment. */
const reconnectMs = 500;
const longestReconnectMs = 60_000;

/**
 * The process's one connection, kept warm: TCP and TLS are over before anybody is to be spoken to. The
 * service closes idle ones after five minutes; that is no fault, another one is opened.
 */
export class CartesiaLink implements AsyncDisposable {
  readonly #options: LinkOptions;
  #current: CartesiaConnection | null = null;
  #opening: Promise<CartesiaConnection> | null = null;
  #cancelReconnect: () => void = () => {};
  #failures = 0;
  readonly #disposal = new AbortController();

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** The open connection, now or soon; null when nobody waits for it any more. */
  async connection(signal: AbortSignal): Promise<CartesiaConnection | null> {
    if (signal.aborted) return null;
    if (this.#current?.isOpen) return this.#current;
    const stopped = Promise.withResolvers<null>();
    const stop = (): void => stopped.resolve(null);
    signal.addEventListener('abort', stop);
    try {
      return await Promise.race([this.#open(), stopped.promise]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Opens it; rejects where that fails, and goes on trying all the same. */
  async warmUp(): Promise<void> {
    await this.#open();
  }

  get isConnecting(): boolean {
    return this.#opening !== null;
  }

  get contexts(): number {
    return this.#current?.contexts ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort();
    this.#cancelReconnect();
    const opening = await this.#opening?.catch(() => null);
    await opening?.close();
    await this.#current?.close();
    this.#current = null;
  }

  #open(): Promise<CartesiaConnection> {
    if (this.#disposal.signal.aborted)
      return Promise.reject(new VoicebusError('closed', 'the cartesia voices are closed'));
    if (this.#current?.isOpen) return Promise.resolve(this.#current);
    if (this.#opening) return this.#opening;
    this.#cancelReconnect();
    const { clock, onConnected } = this.#options;
    const beganMs = clock.now();
    const opening = CartesiaConnection.open({
      ...this.#options,
      signal: this.#disposal.signal,
      onClosed: () => this.#reconnectLater(),
    });
    this.#opening = opening;
    void opening.then(
      (connection) => {
        this.#opening = null;
        this.#failures = 0;
        this.#current = connection;
        onConnected(clock.now() - beganMs);
      },
      (error: unknown) => {
        this.#opening = null;
        this.#failures += 1;
        // Where a person has to change something, only somebody who is to be spoken to tries again.
        const isRefused = error instanceof VoicebusError && healthAfter(error) === 'refused';
        if (!isRefused) this.#reconnectLater();
      },
    );
    return opening;
  }

  #reconnectLater(): void {
    if (this.#disposal.signal.aborted) return;
    this.#cancelReconnect();
    const { clock, random } = this.#options;
    const delayMs = Math.min(longestReconnectMs, reconnectMs * 2 ** this.#failures);
    this.#cancelReconnect = clock.after(delayMs * (0.5 + random() / 2), () => {
      this.#open().catch(() => {});
    });
  }
}
