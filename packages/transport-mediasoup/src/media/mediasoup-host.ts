import { setTimeout as delay } from 'node:timers/promises';
import { VoicebusError } from '@voicebus/core';
import { createWorker } from 'mediasoup';
import type { types } from 'mediasoup';
import { SendingThread } from '../sending/sending-thread.ts';
import { createPlainTransport, type PlainRtpAddress } from './plain-rtp-transport.ts';

export interface MediasoupHostOptions {
  /** How many mediasoup workers, each with a port of its own. */
  readonly workers: number;
  /** UDP and TCP port of the first one; the others follow. */
  readonly port: number;
  readonly listenIp: string;
  /** What browsers are told, when they cannot reach `listenIp`. */
  readonly announcedIp?: string;
  /** Path of the mediasoup worker's binary. Default: what mediasoup itself finds. */
  readonly workerBin?: string;
  /** Where callers over plain RTP send to. Absent: there are none. */
  readonly plainRtp?: PlainRtpAddress;
  /** A mediasoup worker died and is being replaced: every connection on it is gone. */
  readonly onWorkerDied?: (index: number, error: Error) => void;
  /** The thread that sends the bot's sound broke and is being replaced; calls go on. */
  readonly onSendingBroken?: (error: Error) => void;
}

interface Slot {
  readonly worker: types.Worker;
  readonly server: types.WebRtcServer;
  connections: number;
}

/** A mediasoup worker starts in 50 ms, once the dead one's port is free. */
const replacedWithinMs = 5_000;

/** Opus as browsers offer it. */
const mediaCodecs: types.RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
];

/** The mediasoup workers of this process: started, shared by all connections, replaced when they die. */
export class MediasoupHost {
  readonly #options: MediasoupHostOptions;
  /** Sends every connection's packets of the bot's sound. */
  readonly sending: SendingThread;
  readonly #slots = new Map<number, Slot>();
  #isClosed = false;

  private constructor(options: MediasoupHostOptions, sending: SendingThread) {
    this.#options = options;
    this.sending = sending;
  }

  static async start(options: MediasoupHostOptions): Promise<MediasoupHost> {
    const sending = await SendingThread.start(options.onSendingBroken);
    const host = new MediasoupHost(options, sending);
    try {
      for (let index = 0; index < options.workers; index += 1) await host.#startWorker(index);
      if (options.plainRtp) await host.#tryPlainRtp(options.plainRtp);
    } catch (thrown) {
      host.close();
      throw thrown;
    }
    return host;
  }

  /** Where callers over plain RTP send to; undefined where there are none. */
  get plainRtp(): PlainRtpAddress | undefined {
    return this.#options.plainRtp;
  }

  /** Process ids of the mediasoup workers. */
  get pids(): number[] {
    return [...this.#slots.values()].map(({ worker }) => worker.pid);
  }

  /** A router and the server to connect through, on the worker with the fewest connections. */
  async open(): Promise<{ router: types.Router; server: types.WebRtcServer; release: () => void }> {
    const slot = this.#leastBusy() ?? (await this.#replaced());
    try {
      return await openOn(slot);
    } catch (thrown) {
      if (!slot?.worker.closed) throw thrown;
      // It died under this request, perhaps before we were told: the next one takes it.
      this.#forget(slot);
      return openOn(await this.#replaced());
    }
  }

  #forget(slot: Slot): void {
    for (const [index, each] of this.#slots) if (each === slot) this.#slots.delete(index);
  }

  #leastBusy(): Slot | undefined {
    return [...this.#slots.values()].toSorted(
      (first, second) => first.connections - second.connections,
    )[0];
  }

  /** All have died at once: whoever calls again within that moment waits for the first one to be back. */
  async #replaced(): Promise<Slot | undefined> {
    const giveUpMs = performance.now() + replacedWithinMs;
    while (!this.#leastBusy() && performance.now() < giveUpMs && !this.#isClosed) await delay(20);
    return this.#leastBusy();
  }

  close(): void {
    this.#isClosed = true;
    for (const { worker } of this.#slots.values()) worker.close();
    this.#slots.clear();
    void this.sending.close();
  }

  async #startWorker(index: number): Promise<void> {
    const { port, listenIp, announcedIp, workerBin } = this.#options;
    const worker = await createWorker({
      logLevel: 'warn',
      ...(workerBin === undefined ? {} : { workerBin }),
    });
    const listen = {
      ip: listenIp,
      port: port + index,
      ...(announcedIp === undefined ? {} : { announcedAddress: announcedIp }),
    };
    try {
      const server = await worker.createWebRtcServer({
        listenInfos: [
          { protocol: 'udp', ...listen },
          { protocol: 'tcp', ...listen },
        ],
      });
      this.#slots.set(index, { worker, server, connections: 0 });
    } catch (thrown) {
      worker.close();
      throw thrown;
    }
    worker.on('died', (error) => {
      this.#slots.delete(index);
      this.#options.onWorkerDied?.(index, error);
      if (!this.#isClosed) void this.#replaceOrTell(index);
    });
  }

  /** An address that this machine does not have is told when it starts, not to its callers. */
  async #tryPlainRtp(address: PlainRtpAddress): Promise<void> {
    const { router, release } = await this.open();
    try {
      await createPlainTransport(router, address);
    } finally {
      release();
    }
  }

  async #replaceOrTell(index: number): Promise<void> {
    try {
      await this.#replace(index);
    } catch (thrown) {
      this.#options.onWorkerDied?.(index, new Error('No other one starts.', { cause: thrown }));
    }
  }

  async #replace(index: number, attempt = 0): Promise<void> {
    try {
      await this.#startWorker(index);
    } catch (thrown) {
      // The dead one's port may still be held for a moment.
      if (this.#isClosed || attempt >= 20) throw thrown;
      await new Promise((resolve) => setTimeout(resolve, 100 * (attempt + 1)));
      if (!this.#isClosed) await this.#replace(index, attempt + 1);
    }
  }
}

async function openOn(
  slot: Slot | undefined,
): Promise<{ router: types.Router; server: types.WebRtcServer; release: () => void }> {
  if (!slot) {
    throw new VoicebusError('closed', 'No mediasoup worker runs right now.', { isRetryable: true });
  }
  const router = await slot.worker.createRouter({ mediaCodecs });
  slot.connections += 1;
  router.observer.once('close', () => {
    slot.connections -= 1;
  });
  return { router, server: slot.server, release: () => router.close() };
}
