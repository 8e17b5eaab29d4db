import {
  createSessionResponseSchema,
  protocolVersion,
  type ServerMessage,
} from '@voicebus/protocol';
import { within, type MediaRequest } from '@voicebus/testing/system';

/** What the server may say when it closes: our own codes, a normal end, "message too big", "bad frame". */
const properCloses = (code: number): boolean =>
  (code >= 4400 && code <= 4503) || [1000, 1002, 1007, 1009].includes(code);
const answerMs = 10_000;

type Joined = Extract<ServerMessage, { type: 'joined' }>;

/** A page that sends whatever it likes, and remembers the answers. */
export class BadPage {
  readonly #socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  readonly closed: Promise<number>;
  readonly #opened: Promise<void>;
  readonly #listeners = new Set<() => void>();
  /** Above those that bad input has. */
  #lastId = 1_000;
  #isClosed = false;

  constructor(url: string) {
    this.#socket = new WebSocket(url);
    const closed = Promise.withResolvers<number>();
    const opened = Promise.withResolvers<void>();
    this.closed = closed.promise;
    this.#opened = opened.promise;
    this.#socket.addEventListener('open', () => opened.resolve());
    this.#socket.addEventListener('close', ({ code }) => {
      this.#isClosed = true;
      opened.resolve();
      closed.resolve(code);
      for (const listener of this.#listeners) listener();
    });
    this.#socket.addEventListener('message', ({ data }) => {
      this.messages.push(JSON.parse(String(data)) as ServerMessage);
      for (const listener of this.#listeners) listener();
    });
  }

  static async place(
    url: string,
    audio: boolean,
  ): Promise<{ joinToken: string; connectUrl: string }> {
    const response = await fetch(`${url}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ audio }),
      signal: AbortSignal.timeout(answerMs),
    });
    return createSessionResponseSchema.parse(await response.json());
  }

  /** A page that has a call with sound, and has not done anything bad yet. */
  static async join(url: string): Promise<BadPage> {
    const { joinToken, connectUrl } = await BadPage.place(url, true);
    const page = new BadPage(connectUrl);
    await page.open();
    page.hello({ joinToken });
    await page.until((message): message is Joined => message.type === 'joined');
    return page;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async open(): Promise<void> {
    await within(this.#opened, answerMs, 'the socket to open');
  }

  hello(token: object): void {
    this.send(JSON.stringify({ type: 'hello', version: protocolVersion, ...token }));
  }

  send(data: string | Buffer<ArrayBuffer>): void {
    if (!this.#isClosed) this.#socket.send(data);
  }

  async until<Type extends ServerMessage['type']>(
    fits: (message: ServerMessage) => message is Extract<ServerMessage, { type: Type }>,
  ): Promise<Extract<ServerMessage, { type: Type }> | null> {
    const found = Promise.withResolvers<Extract<ServerMessage, { type: Type }> | null>();
    const listen = (): void => {
      const message = this.messages.find(fits);
      if (message || this.#isClosed) found.resolve(message ?? null);
    };
    this.#listeners.add(listen);
    listen();
    const wanted = within(found.promise, answerMs, 'an answer, or the end');
    return wanted.finally(() => this.#listeners.delete(listen));
  }

  /** As it should be asked; throws when it is refused. */
  async ask(request: MediaRequest): Promise<Record<string, unknown>> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.send(JSON.stringify({ ...request, id }));
    type Answer = Extract<ServerMessage, { type: 'reply' | 'failure' }>;
    const answer = await this.until(
      (message): message is Answer =>
        (message.type === 'reply' || message.type === 'failure') && message.id === id,
    );
    if (answer?.type !== 'reply') throw new Error(`refused: ${JSON.stringify(answer)}`);
    return answer.data;
  }

  /** How it stands after all that: still answered, or closed for a reason. */
  async outcome(): Promise<string> {
    const clientMs = Math.random();
    this.send(JSON.stringify({ type: 'clock-ping', clientMs }));
    const pong = await this.until(
      (message): message is Extract<ServerMessage, { type: 'clock-pong' }> =>
        message.type === 'clock-pong' && message.clientMs === clientMs,
    );
    if (pong) return 'answered';
    const code = await within(this.closed, answerMs, 'the socket to close');
    if (!properCloses(code)) throw new Error(`the socket was closed with ${code}`);
    return `closed ${code}`;
  }

  close(): void {
    this.#socket.close();
  }
}
