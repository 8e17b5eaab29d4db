import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import { withLock, writeAtomically } from './cache.mjs';
import { runCommand } from './command.mjs';
import { fingerprint, fingerprintFiles, listSources } from './fingerprint.mjs';
import { npmEnvironment } from './npm.mjs';
import { inRepository, rootFolder } from './repository.mjs';

const buildTimeoutMs = 15 * 60_000;

// The built page does not depend on them.
const besides =
  /(\.test\.tsx?|\.md)$|[\\/](browser-tests|public[\\/]vad)[\\/]|next-env\.d\.ts$|\.tsbuildinfo$/;

/**
 * Builds the web application, or nothing when its sources are those of the build
 * that is there.
 */
export async function buildWeb({ cache, toolchain, signal, note, progress }) {
  const output = inRepository('apps', 'web', '.next');
  const stampFile = path.join(output, 'voicebus-sources');
  const isCurrent = async (sources) =>
    existsSync(path.join(output, 'BUILD_ID')) &&
    (await readFile(stampFile, 'utf8').catch(() => undefined)) === sources;
  if (await isCurrent(await describeSources(toolchain))) return;

  const lockFile = path.join(cache, 'locks', `web-${fingerprint(rootFolder).slice(0, 16)}.lock`);
  const lock = {
    timeoutMs: buildTimeoutMs,
    signal,
    onWait: () => note('waiting for another build'),
  };
  await withLock(lockFile, lock, async () => {
    const sources = await describeSources(toolchain);
    if (await isCurrent(sources)) return;
    await rm(stampFile, { force: true });
    await runCommand(toolchain.pnpmFile, ['--filter', './apps/web', 'build'], {
      cwd: rootFolder,
      env: { ...npmEnvironment(), ...toolchain.environment, NEXT_TELEMETRY_DISABLED: '1' },
      timeoutMs: buildTimeoutMs,
      signal,
      onLine: (line) => progress(line.trim().slice(0, 70)),
    });
    await writeAtomically(stampFile, sources);
  });
}

async function describeSources(toolchain) {
  const keep = (file) => !besides.test(file);
  const files = [
    inRepository('pnpm-lock.yaml'),
    ...(await listSources(inRepository('apps', 'web'), { keep })),
    ...(await listSources(inRepository('packages'), { keep })),
  ];
  return fingerprint(await fingerprintFiles(files, { relativeTo: rootFolder }), toolchain.nodeFile);
}
