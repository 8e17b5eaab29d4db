import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';

import { inRepository } from './repository.mjs';

// `npm run web`: the page alone, built before. It asks /api/config for TRANSPORT_URLS at run time.
const next = createRequire(inRepository('apps', 'web', 'package.json')).resolve(
  'next/dist/bin/next',
);
const child = spawn(process.execPath, [next, 'start', '-p', process.env.PORT || '3000'], {
  cwd: inRepository('apps', 'web'),
  env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code, signal) => process.exit(code ?? (signal ? 0 : 1)));
