import { Worker } from 'node:worker_threads';
import { systemClock, VoicebusError, withDeadline } from '@voicebus/core';
import { PacketRingWriter } from './packet-ring.ts';
import {
  monotonicMs,
  type FromSendingThread,
  type SendingThreadData,
  type ToSendingThread,
} from './sending-messages.ts';

/** One call's packets on their way to the media worker. */
export interface SendingLine {
  /** Hands a packet over; it leaves at `dueMs` by `performance.now()`, or at once. */
  send(packet: Uint8Array, dueMs: number): void;
  /** Takes back what is not due yet and has not left; gives how many packets. */
  takeBack(): number;
  /** What still waits is not sent. */
  close(): void;
}

const script = new URL('./sending-thread-script.ts', import.meta.url);
/** It starts in 50 ms; on a busy machine in a second. */
const startWithinMs = 20_000;
const restartAfterMs = 100;

/**
 * Packets that leave on time. The main thread decodes, plans and collects its garbage, and each of that makes
 * somebody wait; so it hands the bot's packets over ahead of their time to a thread that only sends.
 */
export class SendingThread {
  readonly #onBroken: (error: Error) => void;
  readonly #lines = new Map<number, Extract<ToSendingThread, { type: 'open' }>>();
  /** From `performance.now()` of this thread to the clock of all. */
  readonly #offsetMs = monotonicMs() - performance.now();
  #lastId = 0;
  #thread: Worker | undefined;
  #port = 0;
  #isClosed = false;
  /** How late each packet left, in milliseconds, about once a second; for whoever measures. */
  onSent: ((latenessMs: Float32Array) => void) | undefined;

  private constructor(onBroken: (error: Error) => void) {
    this.#onBroken = onBroken;
  }

  /** `onBroken`: it broke and is being replaced; what callers miss is what was due in between. */
  static async start(onBroken: (error: Error) => void = () => {}): Promise<SendingThread> {
    const thread = new SendingThread(onBroken);
    const started = Promise.withResolvers<void>();
    thread.#start(started);
    try {
      await withDeadline(started.promise, {
        clock: systemClock,
        limitMs: startWithinMs,
        error: () => new VoicebusError('deadline', 'The sending thread did not start.'),
      });
    } catch (thrown) {
      await thread.close();
      throw thrown;
    }
    return thread;
  }

  /** On loopback: what it sends comes from here. */
  get port(): number {
    return this.#port;
  }

  /** A line to where mediasoup listens on loopback. */
  open(port: number): SendingLine {
    const ring = new PacketRingWriter();
    const id = (this.#lastId += 1);
    const line = { type: 'open', id, port, memory: ring.memory } as const;
    this.#lines.set(id, line);
    this.#tell(line);
    return {
      send: (packet, dueMs) => {
        if (ring.push(packet, dueMs + this.#offsetMs) === 'first') this.#tell({ type: 'wake' });
      },
      takeBack: () => ring.takeBack(monotonicMs()),
      close: () => {
        if (this.#lines.delete(id)) this.#tell({ type: 'close', id });
      },
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#lines.clear();
    await this.#thread?.terminate();
    this.#thread = undefined;
  }

  #start(started?: PromiseWithResolvers<void>): void {
    const workerData: SendingThreadData = { port: this.#port };
    const thread = new Worker(script, { name: 'sending', workerData, execArgv: [] });
    this.#thread = thread;
    // What it has open keeps no process alive.
    thread.unref();
    thread.on('message', (message: FromSendingThread) => {
      if (message.type === 'sent') {
        this.onSent?.(message.latenessMs);
        return;
      }
      this.#port = message.port;
      started?.resolve();
    });
    let cause: unknown;
    thread.on('error', (thrown) => (cause = thrown));
    thread.on('exit', (code) => {
      const error = new Error(`The sending thread ended with code ${code}.`, { cause });
      started?.reject(error);
      if (this.#isClosed) return;
      this.#onBroken(error);
      setTimeout(() => this.#restart(), restartAfterMs).unref();
    });
  }

  /** The rings outlive it: a packet that has not left leaves then. */
  #restart(): void {
    if (this.#isClosed) return;
    this.#start();
    for (const line of this.#lines.values()) this.#tell(line);
  }

  #tell(message: ToSendingThread): void {
    this.#thread?.postMessage(message);
  }
}
