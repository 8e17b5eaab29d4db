import { createRequire } from 'node:module';

import { createChildren } from './children.mjs';
import { EndRequest, listenForEnd } from './ending.mjs';
import { readEnvironment } from './environment.mjs';
import { checkPorts, wantedPorts } from './ports.mjs';
import { waitUntilReady } from './readiness.mjs';
import { inRepository } from './repository.mjs';
import { ensureSecret } from './secret.mjs';
import { setup } from './setup.mjs';
import { createSteps } from './steps.mjs';

// Measured: about 2 s on an idle machine.
const readyTimeoutMs = 90_000;

const write = (line) => process.stdout.write(`${line}\n`);
const children = createChildren({ write });
const end = listenForEnd();

try {
  await start();
  process.exitCode = await runUntilEnd();
} catch (error) {
  await children.stop();
  if (end.aborted) {
    write(`Ended during the start: ${end.reason.message}.`);
    process.exitCode = end.reason.exitCode;
  } else {
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
process.exit();

async function start() {
  const steps = createSteps({ write });
  const settings = readEnvironment();
  await checkPorts(settings);
  const secret = await ensureSecret(settings);
  const { toolchain, environment } = await setup({
    wants: { worker: true, recogniser: true, web: true },
    steps,
    signal: end,
  });
  const [page, signalling] = wantedPorts(settings).map(({ port }) => port);
  await steps.run('Services', () =>
    Promise.race([
      startServices({
        toolchain,
        environment: { ...process.env, ...environment, VOICEBUS_SECRET: secret },
        page,
        signalling,
      }),
      children.firstExit.then((text) => {
        throw new Error(text);
      }),
    ]),
  );
  write(`Started in ${steps.elapsed()}.`);
  write(`Ready: open http://localhost:${page}`);
}

async function startServices({ toolchain, environment, page, signalling }) {
  const { nodeFile } = toolchain;
  children.start({
    name: 'transport',
    nodeFile,
    nodeArguments: [inRepository('apps', 'transport-agent', 'src', 'main.ts')],
    cwd: inRepository(),
    environment: { ...environment, TRANSPORT_PORT: String(signalling) },
  });
  const web = inRepository('apps', 'web');
  const next = createRequire(inRepository('apps', 'web', 'package.json')).resolve(
    'next/dist/bin/next',
  );
  children.start({
    name: 'web',
    nodeFile,
    nodeArguments: [next, 'start', '-p', String(page)],
    cwd: web,
    environment: {
      ...environment,
      NEXT_TELEMETRY_DISABLED: '1',
      PORT: String(page),
      TRANSPORT_PORT: String(signalling),
    },
  });
  await waitUntilReady({
    urls: {
      signalling: `http://localhost:${signalling}/readyz`,
      'the page': `http://localhost:${page}/`,
    },
    timeoutMs: readyTimeoutMs,
    signal: end,
  });
}

/** The exit code: that of an asked-for end, or 1 when a service ends by itself. */
async function runUntilEnd() {
  const asked = new Promise((resolve) => {
    if (end.aborted) resolve(end.reason);
    end.addEventListener('abort', () => resolve(end.reason), { once: true });
  });
  const outcome = await Promise.race([asked, children.firstExit]);
  if (outcome instanceof EndRequest) {
    write(`Ending the calls (${outcome.message}). Again Ctrl-C: at once.`);
    await children.stop();
    return outcome.exitCode;
  }
  process.stderr.write(`${outcome}\n`);
  await children.stop();
  return 1;
}
