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
const probeMs = 5000;
const stopDeadlineMs = 5000;

/** The built web app; what it is told at run time is what the tests are about. */
export async function startWeb(
  environment: Readonly<Record<string, string>>,
  chosenPort?: number,
): Promise<RunningServer> {
  const port = chosenPort ?? (await freePort());
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

/**
 * A page and its transport agent, which take seconds of a processor each, at the same time. When one does not
 * start, the other is stopped again.
 */
export async function startProduct({
  transport,
  webEnvironment,
  agentEnvironment,
}: {
  /** Where the transport agent listens. */
  readonly transport: number;
  readonly webEnvironment: Readonly<Record<string, string>>;
  readonly agentEnvironment?: Readonly<Record<string, string>>;
}): Promise<{ readonly web: RunningServer; readonly agent: RunningServer }> {
  const [media, page] = await Promise.all([freePort(), freePort()]);
  const starting = [
    startWeb(webEnvironment, page),
    startTransportAgent({ transport, media, web: page }, agentEnvironment),
  ] as const;
  try {
    const [web, agent] = await Promise.all(starting);
    return { web, agent };
  } catch (error) {
    for (const result of await Promise.allSettled(starting))
      if (result.status === 'fulfilled') await result.value.stop();
    throw error;
  }
}

async function ready(child: ChildProcess, url: string, probe: string): Promise<RunningServer> {
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // A worker of the tests that leaves without stopping it does not leave it behind.
  const killWithUs = (): unknown => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  child.once('exit', () => process.removeListener('exit', killWithUs));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
    await exited;
    clearTimeout(timer);
  };
  const giveUpMs = Date.now() + startDeadlineMs;
  while (Date.now() < giveUpMs && isRunning()) {
    // One that takes a connection and says nothing is asked again.
    const answer = await fetch(url + probe, { signal: AbortSignal.timeout(probeMs) }).catch(
      () => null,
    );
    if (answer?.ok) return { url, stop, processId: child.pid ?? 0 };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const end = isRunning() ? `did not answer within ${startDeadlineMs} ms` : 'ended at its start';
  await stop();
  throw new Error(`${url}${probe} ${end}`);
}
