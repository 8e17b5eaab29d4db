import { Worker } from 'node:worker_threads';
import { asVoicebusError, fairDeadline, systemClock, VoicebusError } from '@voicebus/core';

/** What travels to the thread and back; both bodies must survive structured cloning. */
export interface ThreadRequest<Body> {
  readonly id: number;
  readonly body: Body;
}

export type ThreadResponse<Body> =
  | { readonly id: number; readonly body: Body }
  | { readonly id: number; readonly error: string };

export interface RequestThreadOptions {
  /** Says who failed in an error's message. */
  readonly name: string;
  readonly script: URL;
  /** Given to the thread when it starts. */
  readonly workerData?: unknown;
  /** An unanswered request means that the thread hangs: it is ended, and the next request starts another. */
  readonly timeoutMs: number;
  /** Above it requests are refused with `queue-full`. */
  readonly maxPending: number;
}

interface Pending<Body> {
  readonly resolve: (body: Body) => void;
  readonly reject: (error: VoicebusError) => void;
  readonly cancelDeadline: () => void;
}

/**
 * A worker thread that answers requests in order. It starts with the first request, holds the process
 * open only while something is pending, and is replaced after it died or hung.
 */
export class RequestThread<Request, Response> implements AsyncDisposable {
  readonly #options: RequestThreadOptions;
  readonly #pending = new Map<number, Pending<Response>>();
  #worker: Worker | null = null;
  #lastId = 0;
  #isClosed = false;

  constructor(options: RequestThreadOptions) {
    this.#options = options;
  }

  get pending(): number {
    return this.#pending.size;
  }

  request(body: Request): Promise<Response> {
    const { name, maxPending, timeoutMs } = this.#options;
    if (this.#isClosed) return Promise.reject(new VoicebusError('closed', `${name} is closed`));
    if (this.#pending.size >= maxPending) {
      const message = `${name} has ${maxPending} requests waiting; try again when it is less busy`;
      return Promise.reject(new VoicebusError('queue-full', message, { isRetryable: true }));
    }
    const worker = this.#start();
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const late = `${name} did not answer within ${timeoutMs} ms`;
      const cancelDeadline = fairDeadline({
        clock: systemClock,
        limitMs: timeoutMs,
        rule: () => this.#end(worker, new VoicebusError('deadline', late, { isRetryable: true })),
      });
      this.#pending.set(id, { resolve, reject, cancelDeadline });
      worker.ref();
      const request: ThreadRequest<Request> = { id, body };
      worker.postMessage(request);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    if (worker === null) return;
    this.#end(worker, new VoicebusError('closed', `${this.#options.name} is closed`));
    await worker.terminate();
  }

  #start(): Worker {
    if (this.#worker !== null) return this.#worker;
    const { name, script, workerData } = this.#options;
    const worker = new Worker(script, { name, workerData, execArgv: [] });
    this.#worker = worker;
    worker.on('message', (response: ThreadResponse<Response>) => this.#settle(worker, response));
    worker.on('error', (thrown) =>
      this.#end(worker, asVoicebusError(thrown, 'provider-failed', name)),
    );
    worker.on('exit', (code) => {
      const message = `${name} ended with code ${code}; the next request starts it again`;
      this.#end(worker, new VoicebusError('provider-failed', message, { isRetryable: true }));
    });
    return worker;
  }

  #settle(worker: Worker, response: ThreadResponse<Response>): void {
    const pending = this.#pending.get(response.id);
    if (pending === undefined) return;
    this.#pending.delete(response.id);
    pending.cancelDeadline();
    if (this.#pending.size === 0) worker.unref();
    if ('body' in response) pending.resolve(response.body);
    else {
      const message = `${this.#options.name}: ${response.error}`;
      pending.reject(new VoicebusError('provider-failed', message));
    }
  }

  /** Fails what waits for this worker; a later exit of an earlier worker changes nothing. */
  #end(worker: Worker, error: VoicebusError): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    void worker.terminate();
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject, cancelDeadline } of waiting) {
      cancelDeadline();
      reject(error);
    }
  }
}
