import {
  type ClientMessage,
  protocolVersion,
  type ServerMessage,
  serverMessageSchema,
} from '@voicebus/protocol';
import { withDeadline } from '../deadline.ts';
import { CallError } from '../failure.ts';
import { failureOfClose, failureOfCode } from './failure-of-close.ts';

export type Joined = Extract<ServerMessage, { type: 'joined' }>;
type Request = Extract<ClientMessage, { id: number }>;
/** Distributes, so that each request keeps its own fields. */
type WithoutId<Message> = Message extends Request ? Omit<Message, 'id'> : never;
export type SignallingRequest = WithoutId<Request>;

/** What of a WebSocket is used; tests script it. */
export type Socket = Pick<
  WebSocket,
  'send' | 'close' | 'readyState' | 'onopen' | 'onmessage' | 'onclose' | 'onerror'
>;

export interface SignallingOptions {
  readonly url: string;
  readonly token: { readonly joinToken: string } | { readonly resumeToken: string };
  readonly lastEventSequence?: number | undefined;
  /** Every message but replies, failures and `joined`. */
  readonly onMessage: (message: ServerMessage) => void;
  /** Called once after `open` resolved, unless `close` was called. */
  readonly onClosed: (failure: CallError) => void;
  readonly createSocket?: (url: string) => Socket;
}

/** To open a socket and be let in: the server closes its side after 5 s without `hello`. */
const openDeadlineMs = 8000;
/** mediasoup answers in milliseconds; a lost packet on a phone network costs up to 3 s. */
const requestDeadlineMs = 8000;
const openState = 1;

interface Waiting {
  readonly resolve: (data: Readonly<Record<string, unknown>>) => void;
  readonly reject: (error: CallError) => void;
}

/** One signalling socket: a greeting, requests with replies, and messages both ways. */
export class SignallingClient {
  readonly #options: SignallingOptions;
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Waiting>();
  readonly #joined = Promise.withResolvers<Joined>();
  #nextId = 1;
  #state: 'opening' | 'joined' | 'closed' = 'opening';
  #fatal: CallError | null = null;
  #heard: (() => void) | null = null;

  constructor(options: SignallingOptions) {
    this.#options = options;
    this.#socket = (options.createSocket ?? ((url) => new WebSocket(url)))(options.url);
    this.#socket.onopen = () => {
      const { token, lastEventSequence } = options;
      this.#write({ type: 'hello', version: protocolVersion, ...token, lastEventSequence });
    };
    this.#socket.onmessage = (event) => this.#receive(event.data);
    this.#socket.onclose = (event) => this.#closed(failureOfClose(event.code, event.reason));
    // A close event with its code always follows.
    this.#socket.onerror = () => {};
  }

  /** Null for what a newer server says beyond this version: it is not for this page. */
  static parse(data: string): ServerMessage | null {
    return serverMessageSchema.safeParse(parseJson(data)).data ?? null;
  }

  /** Resolves once the server let this page in. */
  open(): Promise<Joined> {
    const joined = withDeadline(this.#joined.promise, { ms: openDeadlineMs, what: 'Signalling' });
    joined.catch(() => this.close());
    return joined;
  }

  /** Only who was let in may speak. */
  get isOpen(): boolean {
    return this.#state === 'joined' && this.#socket.readyState === openState;
  }

  /** False when the socket is not open; nothing is kept for later. */
  send(message: ClientMessage): boolean {
    if (!this.isOpen) return false;
    this.#write(message);
    return true;
  }

  request(request: SignallingRequest): Promise<Readonly<Record<string, unknown>>> {
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<Readonly<Record<string, unknown>>>();
    this.#waiting.set(id, { resolve, reject });
    if (!this.send({ ...request, id })) {
      reject(
        new CallError('connection-lost', `Signalling is closed, ${request.type} was not sent`),
      );
    }
    return withDeadline(promise, { ms: requestDeadlineMs, what: request.type }).finally(() =>
      this.#waiting.delete(id),
    );
  }

  /**
   * Asks whether the other end is still there; without an answer in time the socket counts as lost. A
   * network that changed or a machine that slept leaves sockets that look open for minutes.
   */
  async probe(deadlineMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#heard = resolve;
    if (!this.send({ type: 'clock-ping', clientMs: performance.now() })) return;
    try {
      await withDeadline(promise, { ms: deadlineMs, what: 'A sign of life' });
    } catch (error) {
      this.#socket.close();
      this.#closed(new CallError('connection-lost', 'The server was silent', { cause: error }));
    }
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#rejectAll(new CallError('connection-lost', 'Signalling was closed by this page'));
    this.#socket.close();
  }

  #write(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  #receive(data: unknown): void {
    if (this.#state === 'closed' || typeof data !== 'string') return;
    this.#heard?.();
    const message = SignallingClient.parse(data);
    if (message === null) return;
    switch (message.type) {
      case 'joined':
        this.#state = 'joined';
        this.#joined.resolve(message);
        return;
      case 'reply':
        this.#waiting.get(message.id)?.resolve(message.data);
        return;
      case 'failure':
        this.#waiting
          .get(message.id)
          ?.reject(new CallError(failureOfCode(message.code, 'media-failed'), message.message));
        return;
      case 'error':
        if (message.fatal) {
          this.#fatal = new CallError(
            failureOfCode(message.code, 'protocol-error'),
            message.message,
          );
        }
        this.#options.onMessage(message);
        return;
      default:
        this.#options.onMessage(message);
    }
  }

  #closed(failure: CallError): void {
    if (this.#state === 'closed') return;
    const reason = this.#fatal ?? failure;
    const wasJoined = this.#state === 'joined';
    this.#state = 'closed';
    this.#rejectAll(reason);
    if (wasJoined) this.#options.onClosed(reason);
  }

  #rejectAll(reason: CallError): void {
    this.#joined.promise.catch(() => {});
    this.#joined.reject(reason);
    for (const waiting of this.#waiting.values()) waiting.reject(reason);
    this.#waiting.clear();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
