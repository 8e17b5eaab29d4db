import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { listenOnLoopback } from '../../system/process/listen-on-loopback.ts';

type State = 'open' | 'cut' | 'frozen';

/** Stands between a process and its broker, and does to the way there what networks do. */
export class TcpProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #target: number;
  readonly #pairs = new Map<Socket, Socket>();
  #state: State = 'open';

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (socket) => this.#accept(socket));
  }

  /** Forwards from a free port on loopback to that one. */
  static async to(target: number): Promise<TcpProxy> {
    const server = createServer();
    await listenOnLoopback(server);
    return new TcpProxy(server, target);
  }

  /** Every connection ends, and no new one lasts. */
  cut(): void {
    this.#state = 'cut';
    for (const socket of this.#pairs.keys()) socket.destroy();
  }

  /** Nothing passes any more, and nobody is told: as a machine that vanished. */
  freeze(): void {
    this.#state = 'frozen';
    for (const [near, far] of this.#pairs) {
      near.pause();
      far.pause();
    }
  }

  /** The way is free again; what was frozen goes on. */
  mend(): void {
    this.#state = 'open';
    for (const [near, far] of this.#pairs) {
      near.resume();
      far.resume();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(near: Socket): void {
    near.on('error', () => {});
    if (this.#state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(this.#target, '127.0.0.1');
    far.on('error', () => near.destroy());
    this.#pairs.set(near, far);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => near.write(bytes));
    near.on('close', () => {
      this.#pairs.delete(near);
      far.destroy();
    });
    far.on('close', () => near.destroy());
    if (this.#state === 'frozen') near.pause();
  }
}
