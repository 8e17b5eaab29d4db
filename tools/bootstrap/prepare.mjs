import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { listenForEnd } from './ending.mjs';
import { inRepository } from './repository.mjs';
import { setup } from './setup.mjs';
import { createSteps } from './steps.mjs';

// `node tools/bootstrap/prepare.mjs worker recogniser web` sets up the named parts and nothing else, and
// writes where they are to .voicebus/prepared.env: for images, where setting up and starting are apart.
const parts = ['worker', 'recogniser', 'web'];
const write = (line) => process.stdout.write(`${line}\n`);

try {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((part) => !parts.includes(part));
  if (wanted.length === 0 || unknown.length > 0) {
    throw new Error(
      `Usage: node tools/bootstrap/prepare.mjs ${parts.map((part) => `[${part}]`).join(' ')}`,
    );
  }
  const steps = createSteps({ write });
  const { environment } = await setup({
    wants: Object.fromEntries(wanted.map((part) => [part, true])),
    steps,
    signal: listenForEnd(),
  });
  const file = inRepository('.voicebus', 'prepared.env');
  mkdirSync(path.dirname(file), { recursive: true });
  const named = ['MEDIASOUP_WORKER_BIN', 'VOICEBUS_RECOGNISER_BIN'];
  const lines = named.flatMap((name) =>
    environment[name] ? [`${name}=${environment[name]}`] : [],
  );
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  write(`Prepared in ${steps.elapsed()}.`);
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
