import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { DecodingEar, PromptedEar, type Ear } from './ear.ts';
import { refusals, type DeepgramFault } from './fault.ts';
import { FluxListener } from './flux-listener.ts';
import type { ListenerOptions } from './listener.ts';
import { ListeningConnection, type ConnectionRecord } from './listening-connection.ts';
import { NovaListener } from './nova-listener.ts';
import { listenOnLoopback } from '../../process/listen-on-loopback.ts';

export interface DeepgramStandInOptions {
  /** The one key that is let in. */
  readonly key?: string;
  /** What is said in each stretch of speech, over all connections. Default: the words in the sound. */
  readonly texts?: () => string;
  readonly canForceEndTurn?: boolean;
  /** False: nothing is said about sound outside turns, where the documentation leaves it open. */
  readonly reportsSilence?: boolean;
  /** Default 10 s, as documented for Nova. */
  readonly idleMs?: number;
  readonly eagerSilenceMs?: number;
  readonly endSilenceMs?: number;
}

export const standInKey = 'stand-in-key-0123456789abcdef';

/** All words are told so long before the end of the turn is. */
const wordsBeforeEndMs = 100;

const notSureAfter = new Set(['and', 'um', 'so', 'the', 'my']);

/**
 * Deepgram on loopback: Flux on `/v2/listen` and Nova on `/v1/listen`, with their message shapes, refusals
 * and close codes. It goes by the time of the sound it gets, so a test may send it as fast as it likes.
 */
export class DeepgramStandIn {
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #options: DeepgramStandInOptions;
  readonly #stalled = new Set<Duplex>();
  /** One is taken by each connection, in order; without one it works. */
  readonly faults: (DeepgramFault | null)[] = [];
  readonly connections: ConnectionRecord[] = [];

  private constructor(options: DeepgramStandInOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => this.#request(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  static async start(options: DeepgramStandInOptions = {}): Promise<DeepgramStandIn> {
    const standIn = new DeepgramStandIn(options);
    await listenOnLoopback(standIn.#server);
    return standIn;
  }

  /** For `DEEPGRAM_BASE_URL`. */
  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  get key(): string {
    return this.#options.key ?? standInKey;
  }

  get openConnections(): number {
    return this.connections.filter(({ isOpen }) => isOpen).length;
  }

  /** Ends every connection without a goodbye. */
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    for (const socket of this.#stalled) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** What `npm run doctor` asks: whether the key is known. */
  #request(request: IncomingMessage, response: ServerResponse): void {
    const isKnown = this.#isLetIn(request);
    const isThere = request.url === '/v1/projects';
    response.writeHead(isThere ? (isKnown ? 200 : 401) : 404, {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(isKnown ? { projects: [] } : refusals[401]));
  }

  #isLetIn(request: IncomingMessage): boolean {
    return request.headers.authorization === `Token ${this.key}`;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => {});
    const fault = this.faults.shift() ?? undefined;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
    if (!this.#isLetIn(request)) {
      refuse(socket, 401);
      return;
    }
    if (fault?.when === 'handshake') {
      if (fault.what !== 'stall') refuse(socket, fault.what.status, fault.retryAfterSeconds);
      else {
        this.#stalled.add(socket);
        socket.once('close', () => this.#stalled.delete(socket));
      }
      return;
    }
    if (!isAllowed(pathname, searchParams)) {
      refuse(socket, 400);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) =>
      this.#open({ socket: opened, path: pathname, query: searchParams, fault }),
    );
  }

  #open({
    socket,
    path,
    query,
    fault,
  }: {
    socket: WebSocket;
    path: string;
    query: URLSearchParams;
    fault: DeepgramFault | undefined;
  }): void {
    const { texts, canForceEndTurn = true, reportsSilence = true } = this.#options;
    const { eagerSilenceMs = 150, endSilenceMs = 300, idleMs = 10_000 } = this.#options;
    const ear: Ear =
      texts === undefined
        ? new DecodingEar()
        : new PromptedEar(texts, endSilenceMs - wordsBeforeEndMs);
    const options: ListenerOptions = {
      ear,
      query,
      requestId: randomUUID(),
      eagerSilenceMs,
      endSilenceMs,
      isUnfinished: (word) => notSureAfter.has(word.toLowerCase()),
      canForceEndTurn,
      reportsSilence,
    };
    const listener = path === '/v2/listen' ? new FluxListener(options) : new NovaListener(options);
    const record: ConnectionRecord = { path, query, told: [], samples: 0, pings: 0, isOpen: true };
    this.connections.push(record);
    new ListeningConnection({ socket, listener, fault, record, idleMs });
  }
}

/** Flux has models of its own, and each path takes only its own; sound is 16 kHz linear16 here. */
function isAllowed(path: string, query: URLSearchParams): boolean {
  const isFlux = query.get('model')?.startsWith('flux-') ?? false;
  const isPath = path === '/v2/listen' ? isFlux : path === '/v1/listen' && !isFlux;
  return isPath && query.get('encoding') === 'linear16' && query.get('sample_rate') === '16000';
}

function refuse(socket: Duplex, status: keyof typeof refusals, retryAfterSeconds?: number): void {
  const body = JSON.stringify({ ...refusals[status], request_id: randomUUID() });
  const lines = [
    `HTTP/1.1 ${status} ${refusals[status].err_code}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    ...(retryAfterSeconds === undefined ? [] : [`retry-after: ${retryAfterSeconds}`]),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
