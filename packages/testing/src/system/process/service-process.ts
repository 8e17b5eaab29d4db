import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { within } from '../deadline.ts';

export interface ServiceProcessOptions {
  /** As a failed test names it: "the transport agent". */
  readonly name: string;
  /** Its `main.ts`, from the root of the repository. */
  readonly program: string;
  readonly programArguments?: readonly string[];
  /** All that it is given, beside `PATH`, `HOME` and where Node keeps what it has compiled. */
  readonly env: Readonly<Record<string, string>>;
  /** Where `/readyz` answers. */
  readonly url: string;
  /** Default: 30 s. */
  readonly readyMs?: number;
}

export interface ServiceProcess {
  readonly pid: number;
  /** What it has written so far, for a failed test to show. */
  readonly output: () => string;
  /** Resolves with the exit code once it has ended. */
  readonly exited: Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** SIGTERM, then SIGKILL after ten seconds. Idempotent. */
  readonly stop: () => Promise<void>;
}

const root = new URL('../../../../../', import.meta.url);

/** Starts one of our services in a process of its own; resolves when it says that it is ready. */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<ServiceProcess> {
  const { name, program, programArguments = [], env, url, readyMs = 30_000 } = options;
  const file = fileURLToPath(new URL(program, root));
  const compiled = process.env['NODE_COMPILE_CACHE'];
  const child = spawn(process.execPath, [file, ...programArguments], {
    // Where a framework declares more of the environment than there is, this is still all that is given.
    env: Object.assign({} as NodeJS.ProcessEnv, {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      ...(compiled !== undefined && { NODE_COMPILE_CACHE: compiled }),
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
  const service: ServiceProcess = {
    pid: child.pid ?? 0,
    output: () => output,
    exited,
    kill: (signal) => child.kill(signal),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited;
      clearTimeout(force);
    },
  };
  try {
    await within(untilReady(url, exited), readyMs, `${name} to be ready`);
    return service;
  } catch (thrown) {
    await service.stop();
    // Whether it ended or was too slow is the first thing to know.
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new Error(`${name} did not start. ${reason}\n${output}`, { cause: thrown });
  }
}

async function untilReady(url: string, exited: Promise<unknown>): Promise<void> {
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
