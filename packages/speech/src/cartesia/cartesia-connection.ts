import type { IncomingMessage } from 'node:http';
import type {
  WebsocketClientEvent,
  WebsocketResponse,
} from '@cartesia/cartesia-js/resources/tts.js';
import { VoicebusError, withDeadline, type Clock } from '@voicebus/core';
import type { TTSWS } from '@cartesia/cartesia-js/resources/tts/ws.js';
import type { WebSocket } from 'ws';
import { garbled, late, refusedBy, unreachable } from './cartesia-error.ts';
import { guardMessages, openSocket, type SocketOptions } from './cartesia-socket.ts';
import { readEvent, readRefusal, type ServiceEvent } from './service-event.ts';

/** Who listens to one context. */
export interface ContextListener {
  onEvent(event: ServiceEvent): void;
  /** The connection is gone, or what it says cannot be understood: nothing more comes. */
  onLost(error: VoicebusError): void;
}

export interface ConnectionOptions extends SocketOptions {
  readonly clock: Clock;
  /** From the first packet to an open WebSocket. */
  readonly connectMs: number;
  /** Gives up connecting. */
  readonly signal: AbortSignal;
  /** Once, after it was open. */
  readonly onClosed: () => void;
}

/** The body of a refusal is a sentence in JSON; a proxy's page is cut. */
const longestRefusal = 4_096;
/** For the other side to answer a close frame. */
const closingMs = 500;

/** One open WebSocket to the service, shared by many contexts. Once closed it stays closed. */
export class CartesiaConnection {
  readonly #options: ConnectionOptions;
  readonly #sdk: TTSWS;
  readonly #socket: WebSocket;
  readonly #listeners = new Map<string, ContextListener>();
  readonly #refused = Promise.withResolvers<never>();
  readonly #closed = Promise.withResolvers<void>();
  #wasOpen = false;
  #isClosed = false;
  #heardAtMs = 0;

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    ({ sdk: this.#sdk, socket: this.#socket } = openSocket(options));
    this.#sdk.on('event', (event) => this.#heard(event));
    this.#sdk.on('error', ({ error }) => {
      // An `error` message comes as an event, too; the rest is no JSON, or a socket that broke.
      if (!error) this.#broken(garbled('sent what is not of its protocol'));
    });
    guardMessages(this.#socket, () => this.#broken(garbled('sent sound without data')));
    this.#socket.on('unexpected-response', (_request, response) => void this.#refuse(response));
    this.#socket.on('close', (code, reason) => this.#onClose(code, reason.toString()));
  }

  /** Rejects with a `VoicebusError` that says what to do, and at once when the signal aborts. */
  static async open(options: ConnectionOptions): Promise<CartesiaConnection> {
    const { clock, connectMs: limitMs, signal } = options;
    const connection = new CartesiaConnection(options);
    const stop = (): void => connection.#socket.terminate();
    signal.addEventListener('abort', stop);
    const opened = Promise.race([connection.#sdk.connect(), connection.#refused.promise]);
    try {
      await withDeadline(opened, { clock, limitMs, error: () => late('did not answer', limitMs) });
      connection.#wasOpen = true;
      return connection;
    } catch (thrown) {
      connection.#isClosed = true;
      connection.#socket.terminate();
      throw thrown instanceof VoicebusError ? thrown : unreachable(reasonOf(thrown));
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  get isOpen(): boolean {
    return !this.#isClosed && this.#socket.readyState === this.#socket.OPEN;
  }

  /** When the service said anything, on the clock. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** From now on this context's events go there, until the returned function is called. */
  listen(contextId: string, listener: ContextListener): () => void {
    this.#listeners.set(contextId, listener);
    return () => this.#listeners.delete(contextId);
  }

  /** Contexts that somebody listens to. */
  get contexts(): number {
    return this.#listeners.size;
  }

  /** Does nothing when closed: the listeners were told. The SDK would open another one by itself. */
  send(request: WebsocketClientEvent): void {
    if (this.isOpen) void this.#sdk.send(request);
  }

  /** It does not answer any more: the next one may. */
  drop(): void {
    this.#broken(unreachable('the connection is silent'));
  }

  /** In good order, within half a second. Idempotent. */
  async close(): Promise<void> {
    if (this.#socket.readyState === this.#socket.CLOSED) return;
    this.#sdk.close({ code: 1000, reason: 'OK' });
    const cancel = this.#options.clock.after(closingMs, () => this.#socket.terminate());
    await this.#closed.promise;
    cancel();
  }

  #heard(event: WebsocketResponse): void {
    this.#heardAtMs = this.#options.clock.now();
    const read = readEvent(event);
    if (read === 'ignored') return;
    const contextId = event.context_id;
    if (read?.type === 'refused' && contextId === undefined) {
      this.#broken(refusedBy(read.refusal, this.#options.apiKey));
      return;
    }
    // What comes after a cancellation belongs to nobody.
    const listener = this.#listeners.get(contextId ?? '');
    if (!listener) return;
    if (read) listener.onEvent(read);
    else listener.onLost(garbled('sent a message of another shape'));
  }

  async #refuse(response: IncomingMessage): Promise<void> {
    const status = response.statusCode ?? 500;
    const retryAfterS = Number(response.headers['retry-after'] ?? Number.NaN);
    let said: unknown = null;
    try {
      let body = '';
      for await (const piece of response) {
        body += String(piece);
        if (body.length > longestRefusal) break;
      }
      said = JSON.parse(body);
    } catch {
      // The status says enough.
    }
    const refusal = {
      ...readRefusal(said, status),
      ...(Number.isFinite(retryAfterS) ? { retryAfterMs: retryAfterS * 1000 } : {}),
    };
    this.#refused.reject(refusedBy(refusal, this.#options.apiKey));
  }

  #onClose(code: number, reason: string): void {
    this.#closed.resolve();
    // 1000 with "connection idle timeout" is how the service says good-bye after five quiet minutes.
    const what = reason === '' ? `closed with ${code}` : `closed with ${code} (${reason})`;
    this.#end(unreachable(what, code));
  }

  #broken(error: VoicebusError): void {
    this.#end(error);
    this.#socket.terminate();
  }

  #end(error: VoicebusError): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener.onLost(error);
    if (this.#wasOpen) this.#options.onClosed();
  }
}

/** The socket's errors are events of their own kind. */
function reasonOf(thrown: unknown): string {
  const message: unknown =
    typeof thrown === 'object' && thrown !== null && 'message' in thrown ? thrown.message : thrown;
  return typeof message === 'string' && message !== '' ? message : 'the connection broke';
}
