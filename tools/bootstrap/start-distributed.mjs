import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';

import { createChildren } from './children.mjs';
import { listenForEnd } from './ending.mjs';
import { readEnvironment } from './environment.mjs';
import { startLocalRedis } from './local-redis.mjs';
import { checkPorts, wantedPorts } from './ports.mjs';
import { waitUntilReady } from './readiness.mjs';
import { inRepository } from './repository.mjs';
import { ensureSecret } from './secret.mjs';
import { setup } from './setup.mjs';
import { createSteps } from './steps.mjs';
import { createSupervisor } from './supervise.mjs';

// `npm run start:distributed`: every service in a process of its own, as they would run on machines of their own.
const command = 'npm run start:distributed';
const readyTimeoutMs = 120_000;
const transports = 2;
const agents = ['greeter', 'greeter', 'support', 'support'];

const write = (line) => process.stdout.write(`${line}\n`);
const children = createChildren({ write });
const end = listenForEnd();
const supervisor = createSupervisor({ children, signal: end, write });
let redis;

try {
  await start();
  await new Promise((resolve) => {
    if (end.aborted) resolve();
    end.addEventListener('abort', resolve, { once: true });
  });
  write(`Ending the calls (${end.reason.message}). Again Ctrl-C: at once.`);
  process.exitCode = end.reason.exitCode;
} catch (error) {
  if (end.aborted) write(`Ended during the start: ${end.reason.message}.`);
  else process.stderr.write(`\n${error.message}\n`);
  process.exitCode = end.aborted ? end.reason.exitCode : 1;
}
await children.stop();
await redis?.stop();
process.exit();

async function start() {
  const steps = createSteps({ write });
  const settings = readEnvironment();
  const bus = chooseBus(settings);
  await checkPorts(settings, { command, transports });
  const secret = await ensureSecret(settings);
  const { toolchain, environment } = await setup({
    wants: { worker: true, recogniser: true, web: true, redis: settings.REDIS_URL === undefined },
    steps,
    signal: end,
  });
  if (settings.REDIS_URL === undefined) {
    redis = await steps.run('Redis', startLocalRedis);
    write(`Redis: ${redis.url} (REDIS_URL names another one)`);
  }
  const [page, signalling, media] = wantedPorts(settings).map(({ port }) => port);
  const workers = Number(settings.MEDIASOUP_WORKERS ?? 1);
  const common = {
    nodeFile: toolchain.nodeFile,
    cwd: inRepository(),
    environment: {
      ...process.env,
      ...environment,
      BUS: bus,
      REDIS_URL: settings.REDIS_URL ?? redis.url,
      VOICEBUS_SECRET: secret,
      // Ctrl-C here is for somebody at a desk, who does not wait for calls to end.
      DRAIN_SECONDS: settings.DRAIN_SECONDS ?? '0',
    },
  };
  for (const [index, role] of agents.entries()) {
    supervisor.keep({
      ...common,
      name: `${role}-${1 + agents.slice(0, index).filter((each) => each === role).length}`,
      nodeArguments: [inRepository('apps', 'agents', 'src', 'main.ts'), role],
    });
  }
  const transportPorts = Array.from({ length: transports }, (_, index) => signalling + index);
  for (const [index, port] of transportPorts.entries()) {
    supervisor.keep({
      ...common,
      name: `transport-${index + 1}`,
      nodeArguments: [inRepository('apps', 'transport-agent', 'src', 'main.ts')],
      environment: {
        ...common.environment,
        TRANSPORT_PORT: String(port),
        MEDIASOUP_PORT: String(media + index * workers),
      },
    });
  }
  const urls =
    settings.TRANSPORT_URLS ?? transportPorts.map((port) => `http://localhost:${port}`).join(',');
  supervisor.keep({
    ...common,
    name: 'web',
    cwd: inRepository('apps', 'web'),
    nodeArguments: [
      createRequire(inRepository('apps', 'web', 'package.json')).resolve('next/dist/bin/next'),
      'start',
      '-p',
      String(page),
    ],
    environment: {
      ...common.environment,
      NEXT_TELEMETRY_DISABLED: '1',
      PORT: String(page),
      TRANSPORT_URLS: urls,
    },
  });
  await steps.run('Services', () =>
    waitUntilReady({
      urls: {
        ...Object.fromEntries(
          transportPorts.map((port) => [`signalling ${port}`, `http://localhost:${port}/readyz`]),
        ),
        'the page': `http://localhost:${page}/`,
      },
      timeoutMs: readyTimeoutMs,
      signal: end,
    }),
  );
  write(`Started in ${steps.elapsed()}.`);
  write(`Ready: open http://localhost:${page}, and http://localhost:${page}/dashboard`);
}

/** `--bus`, else `BUS`, else redis: a local bus has nothing to distribute. */
function chooseBus(settings) {
  const { values } = parseArgs({ options: { bus: { type: 'string' } } });
  const bus = values.bus ?? (settings.BUS === 'local' ? undefined : settings.BUS) ?? 'redis';
  if (bus !== 'redis') throw new Error(`--bus=${bus}: is not one of: redis.`);
  return bus;
}
