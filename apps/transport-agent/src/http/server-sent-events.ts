import type { FastifyReply, FastifyRequest } from 'fastify';

/** A reader that is this far behind is cut off; it comes back for a new snapshot. */
const maxBufferedBytes = 1024 * 1024;
/** Proxies close streams that are silent for a minute. */
const keepAliveMs = 15_000;

export interface EventStreamOptions {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly snapshot: unknown;
  /** Calls back for every change; gives what stops it. */
  readonly subscribe: (send: (event: string, data: unknown) => void) => () => void;
}

/** Answers with a snapshot and goes on with events until the reader leaves. */
export function sendEvents({ request, reply, snapshot, subscribe }: EventStreamOptions): void {
  const { raw } = reply;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
  });
  const send = (event: string, data: unknown): void => {
    if (raw.writableLength > maxBufferedBytes) raw.destroy();
    else raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  send('snapshot', snapshot);
  const unsubscribe = subscribe(send);
  const keepAlive = setInterval(() => raw.write(': still here\n\n'), keepAliveMs);
  request.raw.on('close', () => {
    clearInterval(keepAlive);
    unsubscribe();
  });
}

/** Who asks for the head alone would wait for the end of a stream that has none. */
export function wantsEvents({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && (headers.accept?.includes('text/event-stream') ?? false);
}
