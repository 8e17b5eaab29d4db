import type { ClientMessage, ServerMessage } from '@voicebus/protocol';
import { protocolVersion, serverMessageSchema } from '@voicebus/protocol';
import { within } from '../deadline.ts';
import type { MediaRequest } from './media-path.ts';

type Joined = Extract<ServerMessage, { type: 'joined' }>;

export interface SignallingOptions {
  readonly url: string;
  readonly hello: Omit<Extract<ClientMessage, { type: 'hello' }>, 'type' | 'version'>;
  readonly onMessage: (message: ServerMessage) => void;
}

export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
}

/** A request is answered within milliseconds; a first `hello` starts a recogniser. */
const answerMs = 15_000;

/** One signalling socket, as the page uses it: `hello`, then requests by number, and messages. */
export class Signalling {
  readonly #socket: WebSocket;
  readonly #options: SignallingOptions;
  readonly #waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  readonly #joined = Promise.withResolvers<Joined>();
  /** Resolves when the socket is closed, by whichever side. */
  readonly closed: Promise<SocketEnd>;
  #lastId = 0;

  private constructor(options: SignallingOptions) {
    this.#options = options;
    this.#socket = new WebSocket(options.url);
    this.#joined.promise.catch(() => {});
    const closed = Promise.withResolvers<SocketEnd>();
    this.closed = closed.promise;
    this.#socket.addEventListener('open', () =>
      this.send({ type: 'hello', version: protocolVersion, ...options.hello }),
    );
    this.#socket.addEventListener('message', ({ data }) => this.#receive(String(data)));
    this.#socket.addEventListener('close', ({ code, reason }) => {
      closed.resolve({ code, reason });
      const error = new Error(`Signalling closed: ${code} ${reason}`);
      this.#joined.reject(error);
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  static async join(
    options: SignallingOptions,
  ): Promise<{ signalling: Signalling; joined: Joined }> {
    const signalling = new Signalling(options);
    try {
      const joined = await within(signalling.#joined.promise, answerMs, 'joined');
      return { signalling, joined };
    } catch (thrown) {
      signalling.close();
      throw thrown;
    }
  }

  send(message: ClientMessage): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  async ask(request: MediaRequest): Promise<Record<string, unknown>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const answer = Promise.withResolvers<Record<string, unknown>>();
    this.#waiting.set(id, answer);
    this.send({ ...request, id });
    return within(answer.promise, answerMs, `the answer to ${request.type}`);
  }

  close(): void {
    this.#socket.close();
  }

  #receive(data: string): void {
    const message = serverMessageSchema.parse(JSON.parse(data));
    if (message.type === 'joined') this.#joined.resolve(message);
    else if (message.type === 'reply' || message.type === 'failure') {
      const answer = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.type === 'reply') answer?.resolve(message.data);
      else answer?.reject(new Error(`${message.code}: ${message.message}`));
      return;
    }
    this.#options.onMessage(message);
  }
}
