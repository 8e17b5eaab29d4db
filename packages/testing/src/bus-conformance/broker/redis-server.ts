import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { within } from '../../system/deadline.ts';
import { freePort } from '../../system/process/free-port.ts';

const run = promisify(execFile);
const readyMs = 20_000;

/** A Redis of its own, on a free port and in a temporary folder; it keeps nothing over a restart. */
export class RedisServer implements AsyncDisposable {
  readonly port: number;
  readonly folder: string;
  readonly #arguments: readonly string[];
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(port: number, folder: string, programArguments: readonly string[]) {
    this.port = port;
    this.folder = folder;
    this.#arguments = programArguments;
  }

  /** Settings are as on the command line of `redis-server`: `--requirepass`, `x`. */
  static async start(settings: readonly string[] = [], port?: number): Promise<RedisServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-redis-'));
    const server = new RedisServer(port ?? (await freePort()), folder, [
      ...['--save', ''],
      ...settings,
    ]);
    await server.start();
    return server;
  }

  /** A sentinel with that file of settings, which it writes to. */
  static async startSentinel(
    file: string,
    port: number,
    settings: readonly string[] = [],
  ): Promise<RedisServer> {
    const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-redis-'));
    const server = new RedisServer(port, folder, [file, '--sentinel', ...settings]);
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it, for the first time or again; resolves when it answers. */
  async start(): Promise<void> {
    const { port, folder } = this;
    const settings = ['--port', String(port), '--dir', folder, '--bind', '127.0.0.1'];
    // A file of settings comes before all others.
    const [first = '', ...rest] = this.#arguments;
    const all = first.startsWith('--')
      ? [...settings, first, ...rest]
      : [first, ...settings, ...rest];
    const child = spawn('redis-server', all, {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<never>((_resolve, reject) => {
      child.once('error', () =>
        reject(new Error('There is no redis-server here; "npm test" installs it.')),
      );
      child.once('exit', () => reject(new Error(`redis-server has ended.\n${this.#output}`)));
    });
    ended.catch(() => {});
    child.stdout.on('data', (bytes: Buffer) => this.#collect(bytes));
    child.stderr.on('data', (bytes: Buffer) => this.#collect(bytes));
    const killWithUs = (): unknown => child.kill('SIGKILL');
    process.once('exit', killWithUs);
    child.once('exit', () => process.removeListener('exit', killWithUs));
    this.#child = child;
    await within(Promise.race([this.#untilReady(), ended]), readyMs, 'redis-server to answer');
  }

  /** Ends it as a crash does, and waits until it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** One command by `redis-cli`, and what it printed. */
  async command(...words: readonly string[]): Promise<string> {
    const { stdout } = await run('redis-cli', ['-p', String(this.port), ...words], {
      timeout: 10_000,
    });
    return stdout.trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #untilReady(): Promise<void> {
    while (this.#child) {
      const answer = await this.command('ping').catch(() => '');
      // One that asks for a password answers, too.
      if (answer === 'PONG' || answer.startsWith('NOAUTH')) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  #collect(bytes: Buffer): void {
    this.#output = (this.#output + bytes.toString()).slice(-4_000);
  }
}
