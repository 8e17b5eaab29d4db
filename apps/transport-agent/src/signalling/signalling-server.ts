import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { fairDeadline, type Clock } from '@voicebus/core';
import { limits } from '@voicebus/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { checkOrigin, type AccessRules } from '../http/access.ts';

export interface SignallingServerOptions {
  readonly server: Server;
  readonly rules: AccessRules;
  readonly clock: Clock;
  readonly onSocket: (socket: WebSocket) => void;
}

const path = '/v1/connect';
/** A laptop that sleeps does not say good-bye: who has not answered by the next ping is gone. */
const pingMs = 10_000;

/** Takes WebSockets at /v1/connect from pages of ours. Who may join is said by the token in `hello`. */
export class SignallingServer {
  readonly #sockets: WebSocketServer;
  readonly #clock: Clock;
  readonly #unanswered = new WeakSet<WebSocket>();
  #cancelPing = (): void => {};

  constructor({ server, rules, clock, onSocket }: SignallingServerOptions) {
    this.#clock = clock;
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
    this.#schedulePing();
  }

  #schedulePing(): void {
    this.#cancelPing = fairDeadline({
      clock: this.#clock,
      limitMs: pingMs,
      rule: () => this.#ping(),
    });
  }

  #ping(): void {
    this.#schedulePing();
    for (const socket of this.#sockets.clients) {
      if (this.#unanswered.has(socket)) {
        socket.terminate();
        continue;
      }
      this.#unanswered.add(socket);
      socket.once('pong', () => this.#unanswered.delete(socket));
      socket.ping();
    }
  }

  close(): void {
    this.#cancelPing();
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }
}
