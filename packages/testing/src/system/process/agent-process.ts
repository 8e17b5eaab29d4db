import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { within } from '../deadline.ts';
import { freePort } from './free-port.ts';

export interface AgentProcessOptions {
  /** "greeter", "support". */
  readonly role: string;
  readonly redisUrl: string;
  readonly channel: string;
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface AgentProcess {
  readonly pid: number;
  readonly healthUrl: string;
  /** What it has written so far, for a failed test to show. */
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

const program = fileURLToPath(new URL('../../../../../apps/agents/src/main.ts', import.meta.url));
const readyMs = 30_000;

/** Starts agents in a process of their own; resolves when they take sessions. */
export async function startAgentProcess(options: AgentProcessOptions): Promise<AgentProcess> {
  const { role, redisUrl, channel, name, env = {} } = options;
  const port = await freePort();
  const flags = ['--redis-url', redisUrl, '--channel', channel, '--health-port', String(port)];
  const named = name === undefined ? [] : ['--name', name];
  const child = spawn(process.execPath, [program, role, ...flags, ...named], {
    env: Object.assign({} as NodeJS.ProcessEnv, {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      LLM: 'scripted',
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
  const healthUrl = `http://127.0.0.1:${port}`;
  const agent: AgentProcess = {
    pid: child.pid ?? 0,
    healthUrl,
    output: () => output,
    exited,
    kill: (signal) => child.kill(signal),
  };
  try {
    await within(
      Promise.race([untilReady(healthUrl), exited.then(() => Promise.reject(new Error(output)))]),
      readyMs,
      `${role} to be ready`,
    );
    return agent;
  } catch (thrown) {
    child.kill('SIGKILL');
    throw new Error(`The ${role} did not start.\n${output}`, { cause: thrown });
  }
}

async function untilReady(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
