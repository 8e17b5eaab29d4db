import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { within } from '../deadline.ts';
import { freePort } from './free-port.ts';

export interface TransportAgentProcessOptions {
  /** Over what is set here; `PATH` and the binaries' places come from this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly readyMs?: number;
}

export interface TransportAgentProcess {
  readonly url: string;
  readonly pid: number;
  /** What it has written so far, for a failed test to show. */
  readonly output: () => string;
  /** Resolves with the exit code once it has ended. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, then SIGKILL after ten seconds. Idempotent. */
  readonly stop: () => Promise<void>;
}

const program = fileURLToPath(
  new URL('../../../../../apps/transport-agent/src/main.ts', import.meta.url),
);

/** Starts a transport agent of its own on free ports; resolves when it is ready for calls. */
export async function startTransportAgentProcess(
  options: TransportAgentProcessOptions = {},
): Promise<TransportAgentProcess> {
  const env = { ...requiredPaths(options.env ?? {}), ...options.env };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [program], {
    // Where a framework declares more of the environment than there is, this is still all that is given.
    env: Object.assign({} as NodeJS.ProcessEnv, {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      VOICEBUS_SECRET: randomBytes(24).toString('base64'),
      TRANSPORT_PORT: String(port),
      MEDIASOUP_PORT: String(await freePort()),
      LOG_LEVEL: 'warn',
      ...env,
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  // Whoever leaves without stopping it does not leave it behind.
  const killWithUs = (): unknown => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('close', () => process.removeListener('exit', killWithUs));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const agent: TransportAgentProcess = {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(force);
    },
  };
  try {
    await within(untilReady(agent), options.readyMs ?? 30_000, 'the transport agent to be ready');
    return agent;
  } catch (thrown) {
    await agent.stop();
    throw new Error(`The transport agent did not start.\n${output}`, { cause: thrown });
  }
}

async function untilReady({ url, exited }: TransportAgentProcess): Promise<void> {
  const state = { hasExited: false };
  void exited.then(() => (state.hasExited = true));
  for (;;) {
    if (state.hasExited) throw new Error('It ended before it was ready.');
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Where the two native programs are; `npm test` sets both. */
function requiredPaths(given: Readonly<Record<string, string>>): Record<string, string> {
  const names = ['MEDIASOUP_WORKER_BIN'];
  if ((given['STT'] ?? 'offline') === 'offline') names.push('VOICEBUS_RECOGNISER_BIN');
  const paths: Record<string, string> = {};
  for (const name of names) {
    const path = given[name] ?? process.env[name];
    if (!path || !existsSync(path)) {
      throw new Error(
        `${name} names no file (${path ?? 'not set'}); "npm test" builds it and sets it.`,
      );
    }
    paths[name] = path;
  }
  return paths;
}
