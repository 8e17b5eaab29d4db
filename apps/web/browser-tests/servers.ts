import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { freePort } from '@voicebus/testing/system';

/** A server in a process of its own. */
export interface RunningServer {
  readonly url: string;
  readonly processId: number;
  stop(): Promise<void>;
}

const web = path.join(import.meta.dirname, '..');
const root = path.join(web, '..', '..');
const startDeadlineMs = 20_000;
const stopDeadlineMs = 5000;

/** The built web app; what it is told at run time is what the tests are about. */
export async function startWeb(
  environment: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  const port = await freePort();
  const next = createRequire(path.join(web, 'package.json')).resolve('next/dist/bin/next');
  const child = spawn(process.execPath, [next, 'start', '--port', String(port)], {
    cwd: web,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return ready(child, `http://localhost:${port}`, '/api/config');
}

/** The real transport agent, with the agents beside it unless the settings say otherwise. */
export async function startTransportAgent(
  ports: {
    readonly transport: number;
    readonly media: number;
    readonly web: number;
  },
  environment: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const child = spawn(process.execPath, ['apps/transport-agent/src/main.ts'], {
    cwd: root,
    env: {
      ...process.env,
      VOICEBUS_SECRET: 'only for the tests of the browser pages',
      PORT: String(ports.web),
      TRANSPORT_PORT: String(ports.transport),
      MEDIASOUP_PORT: String(ports.media),
      ...environment,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return ready(child, `http://localhost:${ports.transport}`, '/readyz');
}

async function ready(child: ChildProcess, url: string, probe: string): Promise<RunningServer> {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
    await exited;
    clearTimeout(timer);
  };
  const giveUpMs = Date.now() + startDeadlineMs;
  while (Date.now() < giveUpMs && child.exitCode === null) {
    const answer = await fetch(url + probe).catch(() => null);
    if (answer?.ok) return { url, stop, processId: child.pid ?? 0 };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const end =
    child.exitCode === null ? `did not answer within ${startDeadlineMs} ms` : 'ended at its start';
  await stop();
  throw new Error(`${url}${probe} ${end}`);
}
