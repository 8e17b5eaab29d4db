import { createServer, type IncomingMessage, type Server } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { within } from '../deadline.ts';
import { listenOnLoopback } from '../process/listen-on-loopback.ts';
import { collectedSpans, type CollectedSpan } from './collected-span.ts';

/** A collector on loopback that takes what processes export (OTLP over HTTP), and reads it. */
export class TraceCollector implements AsyncDisposable {
  /** As `OTEL_EXPORTER_OTLP_ENDPOINT` wants it. */
  readonly endpoint: string;
  readonly spans: CollectedSpan[] = [];
  /** Of every request that brought some. */
  readonly requests: Pick<IncomingMessage, 'url' | 'headers'>[] = [];
  readonly #server: Server;
  readonly #listeners = new Set<() => void>();

  static async start(): Promise<TraceCollector> {
    const server = createServer();
    return new TraceCollector(server, await listenOnLoopback(server));
  }

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.endpoint = `http://127.0.0.1:${port}`;
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.#take(request, Buffer.concat(chunks));
        response.end();
      });
    });
  }

  named(name: string): CollectedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  /** The first span of that name; waits for it, 10 s at most. */
  async until(name: string): Promise<CollectedSpan> {
    const came = Promise.withResolvers<CollectedSpan>();
    const look = (): void => {
      const [span] = this.named(name);
      if (span) came.resolve(span);
    };
    this.#listeners.add(look);
    look();
    return within(came.promise, 10_000, `a span named ${name}`).finally(() =>
      this.#listeners.delete(look),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    if (!this.#server.listening) return;
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #take({ url, headers }: IncomingMessage, body: Buffer): void {
    this.requests.push({ url, headers });
    this.spans.push(
      ...collectedSpans(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body),
    );
    for (const listener of this.#listeners) listener();
  }
}
