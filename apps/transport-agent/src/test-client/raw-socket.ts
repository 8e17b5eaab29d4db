import { createSessionResponseSchema, type ServerMessage } from '@voicebus/protocol';
import { within } from '@voicebus/testing/system';
import { WebSocket } from 'ws';

/** A signalling socket that may misbehave, for tests. */
export class RawSocket {
  readonly messages: ServerMessage[] = [];
  /** The close code, or the HTTP status that refused the upgrade. */
  readonly closed: Promise<number>;
  readonly opened: Promise<void>;
  readonly #socket: WebSocket;
  readonly #listeners = new Set<() => void>();

  constructor(url: string, origin?: string) {
    this.#socket = new WebSocket(url, origin === undefined ? {} : { origin });
    const closed = Promise.withResolvers<number>();
    this.closed = within(closed.promise, 15_000, 'the socket to close');
    this.closed.catch(() => {});
    const opened = Promise.withResolvers<void>();
    this.opened = opened.promise;
    this.opened.catch(() => {});
    this.#socket.on('open', () => opened.resolve());
    this.#socket.on('unexpected-response', (_request, response) =>
      closed.resolve(response.statusCode ?? 0),
    );
    this.#socket.on('close', (code) => closed.resolve(code));
    this.#socket.on('error', (error) => opened.reject(error));
    this.#socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString('utf8')) as ServerMessage);
      for (const listener of this.#listeners) listener();
    });
  }

  send(message: unknown): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  sendBytes(bytes: Buffer): void {
    this.#socket.send(bytes);
  }

  async until<Type extends ServerMessage['type']>(
    type: Type,
  ): Promise<Extract<ServerMessage, { type: Type }>> {
    type Wanted = Extract<ServerMessage, { type: Type }>;
    const find = (): Wanted | undefined =>
      this.messages.find((message): message is Wanted => message.type === type);
    const found = Promise.withResolvers<Wanted>();
    const listen = (): void => {
      const message = find();
      if (message) found.resolve(message);
    };
    this.#listeners.add(listen);
    listen();
    return within(found.promise, 10_000, type).finally(() => this.#listeners.delete(listen));
  }

  close(): void {
    this.#socket.terminate();
  }
}

export const createSession = (
  url: string,
  { body = '{"audio":false}', headers = {} }: { body?: string; headers?: object } = {},
): Promise<Response> =>
  fetch(`${url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

/** A place for a text call, and the token for it. */
export async function joinToken(url: string): Promise<string> {
  const response = await createSession(url);
  return createSessionResponseSchema.parse(await response.json()).joinToken;
}
