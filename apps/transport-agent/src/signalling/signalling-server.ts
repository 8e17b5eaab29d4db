import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { limits } from '@voicebus/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { checkOrigin, type AccessRules } from '../http/access.ts';

export interface SignallingServerOptions {
  readonly server: Server;
  readonly rules: AccessRules;
  readonly onSocket: (socket: WebSocket) => void;
}

const path = '/v1/connect';
/** A laptop that sleeps does not say good-bye; two missed pongs do. */
const pingMs = 10_000;

/** Takes WebSockets at /v1/connect from pages of ours. Who may join is said by the token in `hello`. */
export class SignallingServer {
  readonly #sockets: WebSocketServer;
  readonly #ping: NodeJS.Timeout;

  constructor({ server, rules, onSocket }: SignallingServerOptions) {
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: limits.signallingMessageBytes,
    });
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Whoever asks may be gone before the answer: without a listener that would end the process.
      socket.on('error', () => socket.destroy());
      const isHere = request.url?.split('?')[0] === path;
      const foreign = checkOrigin({ origin: request.headers.origin }, rules);
      if (!isHere || foreign) {
        socket.end(
          `HTTP/1.1 ${isHere ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\n\r\n`,
        );
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, onSocket);
    });
    const waiting = new WeakSet<WebSocket>();
    this.#ping = setInterval(() => {
      for (const socket of this.#sockets.clients) {
        if (waiting.has(socket)) {
          socket.terminate();
          continue;
        }
        waiting.add(socket);
        socket.once('pong', () => waiting.delete(socket));
        socket.ping();
      }
    }, pingMs);
    this.#ping.unref();
  }

  close(): void {
    clearInterval(this.#ping);
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }
}
