import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { writeAtomically } from './cache.mjs';
import { runCommand } from './command.mjs';
import { inRepository, rootFolder } from './repository.mjs';

// The gate gives itself 10 s; the rest is for starting Node on a loaded machine.
const timeoutMs = 30_000;

/**
 * Lets a worker through that has completed a real WebRTC handshake: once per binary,
 * since the same bytes do the same again.
 *
 * @param {{ file: string, cache: string, nodeFile: string, signal?: AbortSignal }} options
 */
export async function passGate({ file, cache, nodeFile, signal }) {
  const hash = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const stampFile = path.join(cache, 'mediasoup-worker', 'passed', hash);
  if (existsSync(stampFile)) return;
  const gate = inRepository('tools', 'mediasoup-worker', 'gate.mjs');
  const output = await runCommand(nodeFile, [gate], {
    cwd: rootFolder,
    env: { ...process.env, MEDIASOUP_WORKER_BIN: file },
    timeoutMs,
    signal,
  });
  await writeAtomically(stampFile, output);
}
