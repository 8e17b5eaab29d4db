import type { IncomingMessage } from 'node:http';
import type {
  DeepgramTransport,
  DeepgramTransportCloseEvent,
  DeepgramTransportMessage,
} from '@deepgram/sdk';
import { WebSocket, type ClientOptions } from 'ws';

/** What the service answered instead of opening a connection. */
export interface Refusal {
  readonly status: number;
  /** Its own words, where it sent some. */
  readonly said: string;
  readonly retryAfterMs: number | null;
}

/** How long a polite end may take before the socket is taken away. */
const closeTimeoutMs = 1_000;
/** A refusal is a line of JSON. */
const longestRefusal = 4_096;

/**
 * The SDK's transport, because the one that it brings along keeps to itself why a connection was refused and
 * how much still waits to be sent.
 */
export class ServiceSocket implements DeepgramTransport {
  readonly #socket: WebSocket;
  readonly #errorListeners: ((error: Error) => void)[] = [];
  refusal: Refusal | null = null;
  /** Told whenever something that waited has been sent. */
  onSent: () => void = () => {};

  constructor(url: string, headers: Record<string, string>) {
    // The types do not know `closeTimeout` yet.
    const options: ClientOptions & { closeTimeout: number } = {
      headers,
      closeTimeout: closeTimeoutMs,
    };
    this.#socket = new WebSocket(url, options);
    this.#socket.on('unexpected-response', (_request, response) => void this.#refused(response));
    this.#socket.on('error', (error) => this.#fail(error));
  }

  /** Bytes that were given to `send` and are not yet with the operating system. */
  get waitingBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(data: DeepgramTransportMessage): void {
    if (data instanceof Blob) throw new TypeError('Sound is sent as it is, not as a Blob.');
    this.#socket.send(data, () => this.onSent());
  }

  ping(): void {
    this.#socket.ping();
  }

  onOpen(listener: () => void): void {
    this.#socket.on('open', listener);
  }

  onMessage(listener: (message: DeepgramTransportMessage) => void): void {
    this.#socket.on('message', (data, isBinary) => {
      // Everything that the service says is text; its parser refuses the rest.
      listener(!isBinary && Buffer.isBuffer(data) ? data.toString() : '');
    });
  }

  onError(listener: (error: Error) => void): void {
    this.#errorListeners.push(listener);
  }

  onClose(listener: (event: DeepgramTransportCloseEvent) => void): void {
    this.#socket.on('close', (code, reason) => listener({ code, reason: reason.toString() }));
  }

  isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  close(code = 1000): void {
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.terminate();
    // 1006 and the like cannot be said, only happen.
    else this.#socket.close(code >= 1000 && code <= 1003 ? code : 1000);
  }

  async #refused(response: IncomingMessage): Promise<void> {
    let said = '';
    response.setEncoding('utf8');
    try {
      for await (const piece of response) {
        said += piece;
        if (said.length > longestRefusal) break;
      }
    } catch {
      // The status says enough.
    }
    const { statusCode = 0, headers } = response;
    const seconds = Number(headers['retry-after']);
    const retryAfterMs = seconds > 0 ? seconds * 1000 : null;
    this.refusal = { status: statusCode, said: wordsOf(said), retryAfterMs };
    this.#fail(new Error(`refused with status ${statusCode}`));
    this.#socket.terminate();
  }

  #fail(error: Error): void {
    for (const listener of this.#errorListeners) listener(error);
  }
}

/** The service's sentence, out of its `{"err_code":…,"err_msg":…}`. */
function wordsOf(body: string): string {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null) return '';
    const message = 'err_msg' in value ? value.err_msg : 'message' in value ? value.message : '';
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}
