import { parentPort } from 'node:worker_threads';
import type { ThreadRequest, ThreadResponse } from './request-thread.ts';

/** The other side of a `RequestThread`: answers each request with what `handle` gives or throws. */
export function serveRequests<Request, Response>(
  handle: (body: Request) => Response | Promise<Response>,
): void {
  const port = parentPort;
  if (port === null) throw new Error('this file runs as a worker thread only');
  port.on('message', (request: ThreadRequest<Request>) => {
    const answer = (response: ThreadResponse<Response>): void => port.postMessage(response);
    const fail = (thrown: unknown): void =>
      answer({ id: request.id, error: thrown instanceof Error ? thrown.message : String(thrown) });
    try {
      Promise.resolve(handle(request.body)).then((body) => answer({ id: request.id, body }), fail);
    } catch (thrown) {
      fail(thrown);
    }
  });
}
