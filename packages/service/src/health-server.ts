import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

export interface HealthServerOptions {
  /** 0: one that the system gives. */
  readonly port: number;
  readonly host: string;
  readonly metrics: Registry;
  /** Takes new sessions. */
  readonly isReady: () => boolean;
  readonly sessions: () => number;
}

/** `/healthz`, `/readyz` and `/metrics` of a process that has no other server. */
export class HealthServer {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Rejects where it cannot listen. */
  static async start({ port, host, metrics, isReady, sessions }: HealthServerOptions) {
    const server = createServer((request, response) => {
      const answer = (status: number, body: unknown): void => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      };
      const { pathname } = new URL(request.url ?? '/', 'http://health');
      if (request.method !== 'GET') answer(405, { error: 'GET only' });
      else if (pathname === '/healthz') answer(200, { ok: true });
      else if (pathname === '/readyz')
        answer(isReady() ? 200 : 503, { ready: isReady(), sessions: sessions() });
      else if (pathname === '/metrics')
        void metrics.metrics().then((text) => {
          response.writeHead(200, { 'content-type': metrics.contentType });
          response.end(text);
        });
      else answer(404, { error: 'There is /healthz, /readyz and /metrics.' });
    });
    server.requestTimeout = 5_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new HealthServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
