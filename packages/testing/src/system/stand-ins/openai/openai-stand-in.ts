import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { Responses } from 'openai/resources/responses/responses';
import { chatWire } from './chat-wire.ts';
import { responsesWire } from './responses-wire.ts';
import type { WireAnswer } from './wire-answer.ts';
import type { StandInAnswer, StandInFault } from './scripted-answer.ts';
import { listenOnLoopback } from '../../process/listen-on-loopback.ts';

export type StandInRequest =
  | { readonly api: 'responses'; readonly body: Responses.ResponseCreateParamsStreaming }
  | { readonly api: 'chat'; readonly body: ChatCompletionCreateParamsStreaming };

/** Gives the answer to a request; `index` counts them from 0. */
export type StandInRule = (request: StandInRequest, index: number) => StandInAnswer | string;

export interface OpenAIStandInOptions {
  readonly answers: StandInRule;
  /** Any other key is refused. Default: every key is taken. */
  readonly apiKey?: string;
  /** Any other model is unknown. Default: all are known. */
  readonly model?: string;
}

/** A server on loopback that speaks OpenAI's two APIs as they are documented, and breaks as it is told. */
export class OpenAIStandIn implements AsyncDisposable {
  /** What a client takes as its base URL. */
  readonly url: string;
  /** What it was asked, oldest first. */
  readonly requests: StandInRequest[] = [];
  /** Connections that were ever made, and answers whose client left before their end. */
  readonly counts = { connections: 0, abandoned: 0 };
  readonly #server: Server;
  readonly #options: OpenAIStandInOptions;
  readonly #sockets = new Set<Socket>();
  readonly #closing = new AbortController();

  static async start(options: OpenAIStandInOptions): Promise<OpenAIStandIn> {
    const server = createServer();
    await listenOnLoopback(server);
    return new OpenAIStandIn(server, options);
  }

  private constructor(server: Server, options: OpenAIStandInOptions) {
    this.#server = server;
    this.#options = options;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    // Longer than a pause between two turns, as the service's own.
    server.keepAliveTimeout = 60_000;
    server.on('connection', (socket) => {
      this.counts.connections += 1;
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    server.on('request', (request, response) => {
      this.#receive(request, response).catch(() => response.destroy());
    });
  }

  /** Connections that are open now. */
  get openConnections(): number {
    return this.#sockets.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    for (const socket of this.#sockets) socket.destroy();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(request);
    const given = request.headers.authorization?.replace('Bearer ', '') ?? '';
    const { apiKey, model } = this.#options;
    if (apiKey !== undefined && given !== apiKey) return refuse(response, wrongKey(given));
    const path = request.url ?? '';
    if (request.method === 'GET' && path.startsWith('/v1/models/')) {
      const asked = decodeURIComponent(path.slice('/v1/models/'.length));
      if (model !== undefined && asked !== model) return refuse(response, unknownModel(asked));
      return sendJson(response, 200, { id: asked, object: 'model', created: 0, owned_by: 'them' });
    }
    const api = path === '/v1/responses' ? 'responses' : 'chat';
    if (api === 'chat' && path !== '/v1/chat/completions')
      return refuse(response, { type: 'status', status: 404, message: `Unknown path ${path}` });
    const asked = { api, body: JSON.parse(text) } as StandInRequest;
    if (model !== undefined && asked.body.model !== model)
      return refuse(response, unknownModel(asked.body.model ?? ''));
    if (!asked.body.stream) return sendJson(response, 200, warmUpAnswer);
    const index = this.requests.push(asked) - 1;
    const answer = this.#options.answers(asked, index);
    await this.#answer(asked, typeof answer === 'string' ? { text: answer } : answer, response);
  }

  async #answer(
    { api, body }: StandInRequest,
    answer: StandInAnswer,
    response: ServerResponse,
  ): Promise<void> {
    const { fault, delayMs = 0, msPerPiece = 0, endDelayMs = 0 } = answer;
    const gone = new AbortController();
    const signal = AbortSignal.any([gone.signal, this.#closing.signal]);
    response.on('close', () => {
      if (!response.writableFinished && !fault) this.counts.abandoned += 1;
      gone.abort();
    });
    const wait = (ms: number): Promise<unknown> =>
      ms > 0 ? delay(ms, undefined, { signal }).catch(() => {}) : Promise.resolve();
    await wait(delayMs);
    if (fault?.type === 'status') return refuse(response, fault);
    if (fault?.after === 'request') return breakOff(response, fault.type);
    const make = api === 'chat' ? chatWire : responsesWire;
    const wire = make(answer, this.requests.length, body.model ?? '');
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    for (const event of wire.opening) response.write(event);
    const pieces = fault ? wire.pieces.slice(0, piecesBefore(fault)) : wire.pieces;
    for (const piece of pieces) {
      await wait(msPerPiece);
      if (signal.aborted) return;
      response.write(piece);
    }
    if (fault) return breakOff(response, fault.type, wire);
    for (const event of wire.closing) response.write(event);
    await wait(endDelayMs);
    response.end();
  }
}

type BreakingFault = Exclude<StandInFault, { type: 'status' }>;

function piecesBefore({ after }: BreakingFault): number {
  return typeof after === 'number' ? after : after === 'end' ? Infinity : 0;
}

function breakOff(response: ServerResponse, how: BreakingFault['type'], wire?: WireAnswer): void {
  switch (how) {
    case 'silence':
      return;
    case 'cut':
      // What was written before has to arrive first.
      setImmediate(() => response.socket?.resetAndDestroy());
      return;
    case 'early-end':
      response.end();
      return;
    case 'garbage':
      response.end('data: <html>502 Bad Gateway</html>\n\n');
      return;
    case 'half-json':
      response.end('data: {"type":"response.output_text.delta","del\n\n');
      return;
    case 'error-event':
      response.end(wire?.error);
      return;
    case 'failed':
      response.end(wire?.failed);
  }
}

function refuse(
  response: ServerResponse,
  { status, code, message, headers = {} }: Extract<StandInFault, { type: 'status' }>,
): void {
  const error = {
    message: message ?? `The server answers with ${status}.`,
    type: status >= 500 ? 'server_error' : 'invalid_request_error',
    param: null,
    code: code ?? null,
  };
  sendJson(response, status, { error }, headers);
}

/** In the service's own words, which quote the key with stars in its middle. */
const wrongKey = (given: string): Extract<StandInFault, { type: 'status' }> => ({
  type: 'status',
  status: 401,
  code: 'invalid_api_key',
  message: `Incorrect API key provided: ${given.slice(0, 3)}${'*'.repeat(8)}${given.slice(-4)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
});

const unknownModel = (asked: string): Extract<StandInFault, { type: 'status' }> => ({
  type: 'status',
  status: 404,
  code: 'model_not_found',
  message: `The model \`${asked}\` does not exist or you do not have access to it.`,
});

const warmUpAnswer = {
  id: 'chatcmpl-warm',
  object: 'chat.completion',
  created: 0,
  model: 'any',
  choices: [{ index: 0, finish_reason: 'length', message: { role: 'assistant', content: 'H' } }],
};

// One object would save nothing here: they are the four parts of an HTTP answer.
function sendJson(
  response: ServerResponse,
  status: number,
  ...[body, headers]: [body: object, headers?: Readonly<Record<string, string>>]
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
