import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebsocketResponse } from '@cartesia/cartesia-js/resources/tts.js';
import { systemClock, type Clock } from '@voicebus/core';
import { WebSocketServer, type WebSocket } from 'ws';
import {
  serviceErrors,
  type ConnectFault,
  type ContextFault,
  type FaultStage,
} from './cartesia-fault.ts';
import { parseRequest, voiceIdOf, type Request } from './request.ts';
import { StandInContext, type ContextTiming } from './stand-in-context.ts';
import { listenOnLoopback } from '../../process/listen-on-loopback.ts';
import { cutBehindSent } from '../cut-behind-sent.ts';

export interface CartesiaStandInOptions extends Partial<ContextTiming> {
  readonly clock?: Clock;
  /** The one key that it takes. Default: "sk_car_stand_in". */
  readonly apiKey?: string;
  /** Contexts at once, by the plan. Default: 15. */
  readonly contextLimit?: number;
  /** Documented: five minutes without a message. */
  readonly idleMs?: number;
  /** Ids that it says it does not have. */
  readonly unknownVoices?: readonly string[];
}

/** A context as a test sees it. */
export interface ContextRecord {
  readonly id: string;
  readonly voiceId: string;
  readonly requests: Request[];
  readonly context: StandInContext;
}

/**
 * Speaks the protocol of Cartesia's text-to-speech WebSocket, version 2026-08-14, as documented, on loopback
 * without TLS: tones for voices, true word times, and faults by script.
 */
export class CartesiaStandIn implements AsyncDisposable {
  readonly apiKey: string;
  /** Every context since the start, in order. */
  readonly contexts: ContextRecord[] = [];
  /** The headers of every WebSocket that was asked for. */
  readonly handshakes: IncomingMessage['headers'][] = [];
  readonly #options: CartesiaStandInOptions;
  readonly #clock: Clock;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #tcp = new Set<Duplex>();
  readonly #live = new Map<string, ContextRecord>();
  readonly #connectFaults: ConnectFault[] = [];
  readonly #contextFaults: { stage: FaultStage; fault: ContextFault }[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(options: CartesiaStandInOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.apiKey = options.apiKey ?? 'sk_car_stand_in';
    this.#http = createServer((_request, response) => response.writeHead(404).end());
    this.#http.on('connection', (socket: Socket) => {
      this.#tcp.add(socket);
      socket.on('close', () => this.#tcp.delete(socket));
      // Whoever gives a stalled handshake up resets it.
      socket.on('error', () => {});
    });
    this.#http.on('upgrade', (request: IncomingMessage, socket, head) =>
      this.#upgrade(request, socket, head),
    );
  }

  static async start(options: CartesiaStandInOptions = {}): Promise<CartesiaStandIn> {
    const standIn = new CartesiaStandIn(options);
    await listenOnLoopback(standIn.#http);
    return standIn;
  }

  /** For `CARTESIA_BASE_URL`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Open WebSockets. */
  get connections(): number {
    return this.#sockets.clients.size;
  }

  /** Contexts that are being spoken. */
  get liveContexts(): number {
    return [...this.#live.values()].filter(({ context }) => !context.isStalled).length;
  }

  /** What the next context does wrong; several calls script several contexts. */
  failContext(stage: FaultStage, fault: ContextFault): void {
    this.#contextFaults.push({ stage, fault });
  }

  /** What the next WebSocket is refused with. */
  failConnect(fault: ConnectFault): void {
    this.#connectFaults.push(fault);
  }

  /** Faults that are scripted and have not happened. */
  get faultsLeft(): number {
    return this.#contextFaults.length + this.#connectFaults.length;
  }

  /** Ends every WebSocket as the service does with idle ones. */
  closeIdle(): void {
    for (const client of this.#sockets.clients) client.close(1000, 'connection idle timeout');
  }

  /** Resolves once what the test waits for is so; looked at with every request and connection. */
  async until(isSo: () => boolean): Promise<void> {
    if (isSo()) return;
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { context } of this.#live.values()) context.end();
    for (const client of this.#sockets.clients) client.terminate();
    for (const socket of this.#tcp) socket.destroy();
    this.#sockets.close();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #happened(): void {
    for (const look of this.#waiting) look();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.handshakes.push(request.headers);
    const fault = this.#connectFaults.shift();
    const hasKey = request.headers.authorization === `Bearer ${this.apiKey}`;
    const isKnown = new URL(request.url ?? '/', this.url).pathname === '/tts/websocket';
    if (fault === 'cut') socket.destroy();
    else if (fault !== undefined && fault !== 'stall') refuse(socket, fault);
    else if (fault === undefined && !isKnown) refuse(socket, 404);
    else if (fault === undefined && !hasKey) refuse(socket, 401);
    else if (fault === undefined && !request.headers['cartesia-version']) refuse(socket, 400);
    else if (fault === undefined)
      this.#sockets.handleUpgrade(request, socket, head, (client) => this.#serve(client));
    this.#happened();
  }

  #serve(client: WebSocket): void {
    const idleMs = this.#options.idleMs ?? 300_000;
    let cancelIdle = (): void => {};
    const mine = new Set<string>();
    const rearm = (): void => {
      cancelIdle();
      cancelIdle = this.#clock.after(idleMs, () => client.close(1000, 'connection idle timeout'));
    };
    rearm();
    client.on('message', (data: Buffer) => {
      rearm();
      const request = parseRequest(data.toString());
      if (!request) {
        const error = { title: 'Bad request', message: 'The request is not valid.' };
        send(client, { type: 'error', done: true, status_code: 400, ...error });
      } else this.#take(request, { client, mine });
      this.#happened();
    });
    client.on('close', () => {
      cancelIdle();
      for (const id of mine) this.#live.get(id)?.context.end();
      this.#happened();
    });
  }

  #take(request: Request, on: { client: WebSocket; mine: Set<string> }): void {
    const known = this.#live.get(request.context_id);
    if ('cancel' in request) {
      known?.requests.push(request);
      known?.context.cancel();
      return;
    }
    // One that expired begins anew; one that failed or was cancelled does not.
    const last = this.contexts.findLast(({ id }) => id === request.context_id)?.context;
    if (!known && (last?.isFailed || last?.isCancelled)) return;
    const record = known ?? this.#open(request.context_id, voiceIdOf(request.voice), on);
    record.requests.push(request);
    if (this.#live.size > (this.#options.contextLimit ?? 15)) record.context.fail(429);
    else if (this.#options.unknownVoices?.includes(record.voiceId)) record.context.fail(404);
    else record.context.take(request);
  }

  #open(
    id: string,
    voiceId: string,
    { client, mine }: { client: WebSocket; mine: Set<string> },
  ): ContextRecord {
    const context = new StandInContext({
      id,
      clock: this.#clock,
      timing: {
        msPerCharacter: 50,
        firstByteMs: 0,
        expiryMs: 1_000,
        timesComeFirst: true,
        timesRestartAtFlush: false,
        givesTimes: true,
        ...this.#options,
      },
      fault: this.#contextFaults.shift(),
      send: (message) => send(client, message),
      cut: () => cutBehindSent(client),
      close: () => client.close(1011, 'internal error'),
      onOver: () => {
        mine.delete(id);
        this.#live.delete(id);
        this.#happened();
      },
      onStalled: () => this.#happened(),
    });
    const record = { id, voiceId, requests: [], context };
    this.contexts.push(record);
    this.#live.set(id, record);
    mine.add(id);
    return record;
  }
}

function send(client: WebSocket, message: WebsocketResponse | string): void {
  if (client.readyState !== client.OPEN) return;
  client.send(typeof message === 'string' ? message : JSON.stringify(message));
}

/** The service's HTTP errors: JSON, and for 429 how long to wait. */
function refuse(socket: Duplex, status: number): void {
  const body = JSON.stringify({ ...serviceErrors[status], request_id: randomUUID() });
  const headers = [
    `HTTP/1.1 ${status} Refused`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(status === 429 ? ['retry-after: 2'] : []),
    'connection: close',
  ];
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
