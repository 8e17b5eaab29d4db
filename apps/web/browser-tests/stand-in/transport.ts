import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ClientMessage,
  closeCodes,
  type RegistryDelta,
  type RegistrySnapshot,
  type ServerMessage,
  type SessionEvent,
  type SessionEventsSnapshot,
  type SessionsSnapshot,
} from '@voicebus/protocol';
import { type WebSocket, WebSocketServer } from 'ws';

/** What a stand-in transport agent answers; a test changes it while it runs. */
export interface StandInScript {
  /** Status of `POST /v1/sessions`; 201 lets the call in. */
  createStatus: number;
  /** False leaves `hello` without an answer. */
  answersHello: boolean;
  /** False leaves pings without an answer, as a socket does that only looks open. */
  answersPings: boolean;
  /** The session is over: whoever wants to resume it is told so. */
  isSessionGone: boolean;
  /** What a page that comes back has missed. */
  missed: readonly SessionEvent[];
  /** A media path for the call; a text call needs none. */
  openMedia: () => Promise<Record<string, unknown>>;
  registry: RegistrySnapshot;
  sessions: SessionsSnapshot;
  events: SessionEventsSnapshot;
  onMessage: (message: ClientMessage, call: StandInCall) => void;
}

export interface StandInCall {
  send(message: ServerMessage): void;
  events(events: readonly SessionEvent[]): void;
  close(code?: number): void;
}

/**
 * A transport agent without media, for tests of the pages alone: it speaks the same wire, and a test
 * decides what is on it. Text calls go all the way.
 */
export class StandInTransport {
  script: StandInScript = freshScript();
  readonly received: ClientMessage[] = [];
  readonly calls: StandInCall[] = [];
  /** What was asked of it by POST, beside calls: the dashboard's actions. */
  readonly posted: string[] = [];
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #streams = new Set<ServerResponse>();

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request.url ?? '', response));
    this.#sockets = new WebSocketServer({ server: this.#server, path: '/v1/connect' });
    this.#sockets.on('connection', (socket) => this.#accept(socket));
  }

  static async start(port = 0): Promise<StandInTransport> {
    const transport = new StandInTransport();
    await new Promise<void>((resolve) => transport.#server.listen(port, '127.0.0.1', resolve));
    return transport;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Goes to every open registry stream. */
  registryDelta(delta: RegistryDelta): void {
    for (const stream of this.#streams) writeEvent(stream, 'delta', delta);
  }

  /** As it was at the start; open calls and streams are cut. */
  reset(): void {
    this.script = freshScript();
    this.received.length = 0;
    this.calls.length = 0;
    this.posted.length = 0;
    for (const socket of this.#sockets.clients) socket.terminate();
    for (const stream of this.#streams) stream.destroy();
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    for (const stream of this.#streams) stream.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(url: string, response: ServerResponse): void {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    const { script } = this;
    if (url === '/v1/sessions' && response.req.method === 'POST') {
      const ok = script.createStatus === 201;
      const connectUrl = `${this.url.replace('http', 'ws')}/v1/connect`;
      const body = ok
        ? { sessionId: 'session-1', joinToken: 'join', connectUrl }
        : { error: { code: 'busy', message: 'No room' } };
      response.writeHead(script.createStatus, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
      return;
    }
    if (response.req.method === 'POST') this.posted.push(url);
    if (response.req.method !== 'GET') {
      response.writeHead(204).end();
      return;
    }
    const snapshot = url.startsWith('/v1/registry')
      ? script.registry
      : url.endsWith('/events')
        ? script.events
        : script.sessions;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    writeEvent(response, 'snapshot', snapshot);
    if (url.startsWith('/v1/registry')) this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  #greet(hello: Extract<ClientMessage, { type: 'hello' }>, call: StandInCall): void {
    const returns = hello.resumeToken !== undefined;
    if (returns && this.script.isSessionGone) {
      call.close(closeCodes.sessionGone);
      return;
    }
    void this.script.openMedia().then((capabilities) => {
      // Like the real one: who was there before is sent away.
      for (const other of this.calls) if (other !== call) other.close(closeCodes.replaced);
      call.send(joined(capabilities, `resume-${this.calls.length}`));
      const known = hello.lastEventSequence ?? 0;
      if (returns) call.events(this.script.missed.filter(({ sequence }) => sequence > known));
    });
  }

  #accept(socket: WebSocket): void {
    const call: StandInCall = {
      send: (message) => socket.send(JSON.stringify(message)),
      events: (events) => call.send({ type: 'events', events: [...events] }),
      close: (code = 1011) => socket.close(code),
    };
    this.calls.push(call);
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString('utf8')) as ClientMessage;
      this.received.push(message);
      if (message.type === 'hello' && this.script.answersHello) this.#greet(message, call);
      if (message.type === 'clock-ping' && this.script.answersPings) {
        call.send({ type: 'clock-pong', clientMs: message.clientMs, serverMs: Date.now() });
      }
      if (message.type === 'end-call') call.send({ type: 'ended', reason: 'caller-ended' });
      this.script.onMessage(message, call);
    });
  }
}

function freshScript(): StandInScript {
  return {
    createStatus: 201,
    answersHello: true,
    answersPings: true,
    isSessionGone: false,
    missed: [],
    openMedia: async () => ({}),
    registry: { sequence: 1, wallMs: Date.now(), runners: [] },
    sessions: { sequence: 1, wallMs: Date.now(), sessions: [] },
    events: { sequence: 0, wallMs: Date.now(), events: [] },
    onMessage: () => {},
  };
}

function joined(
  routerRtpCapabilities: Record<string, unknown>,
  resumeToken: string,
): ServerMessage {
  return {
    type: 'joined',
    version: 1,
    sessionId: 'session-1',
    resumeToken,
    routerRtpCapabilities,
    iceServers: [],
    serverMs: Date.now(),
  };
}

function writeEvent(response: ServerResponse, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
