import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { freePort } from './free-port.ts';
import { startServiceProcess, type ServiceProcess } from './service-process.ts';

export interface TransportAgentProcessOptions {
  /** Over what is set here; `PATH` and the binaries' places come from this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly readyMs?: number;
}

export interface TransportAgentProcess extends ServiceProcess {
  readonly url: string;
}

/** Starts a transport agent of its own on free ports; resolves when it is ready for calls. */
export async function startTransportAgentProcess(
  options: TransportAgentProcessOptions = {},
): Promise<TransportAgentProcess> {
  const env = { ...requiredPaths(options.env ?? {}), ...options.env };
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = await startServiceProcess({
    name: 'the transport agent',
    program: 'apps/transport-agent/src/main.ts',
    env: {
      VOICEBUS_SECRET: randomBytes(24).toString('base64'),
      TRANSPORT_PORT: String(port),
      MEDIASOUP_PORT: String(await freePort()),
      LOG_LEVEL: 'warn',
      ...env,
    },
    url,
    ...(options.readyMs === undefined ? {} : { readyMs: options.readyMs }),
  });
  return { ...service, url };
}

/** Where the two native programs are; `npm test` sets both. */
function requiredPaths(given: Readonly<Record<string, string>>): Record<string, string> {
  const names = ['MEDIASOUP_WORKER_BIN'];
  if ((given['STT'] ?? 'offline').split(',').includes('offline'))
    names.push('VOICEBUS_RECOGNISER_BIN');
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
