import { existsSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { withLock, writeAtomically } from './cache.mjs';
import { runCommand } from './command.mjs';
import { fingerprint, fingerprintFiles } from './fingerprint.mjs';
import { npmEnvironment } from './npm.mjs';
import { inRepository, rootFolder } from './repository.mjs';

const installTimeoutMs = 20 * 60_000;
const workspaceFolders = ['apps', 'packages', 'examples'];

/** The manifests of all workspace packages, the root's first. */
async function listManifests() {
  const manifests = [inRepository('package.json')];
  for (const folder of workspaceFolders) {
    const entries = await readdir(inRepository(folder)).catch(() => []);
    for (const name of entries) {
      const manifest = inRepository(folder, name, 'package.json');
      if (existsSync(manifest)) manifests.push(manifest);
    }
  }
  return manifests;
}

/**
 * `pnpm install`, or nothing at all when the manifests and the lock are those of
 * the last complete one and its folders are there. The mark of a complete
 * installation is removed before the next begins: an interrupted one is repeated.
 *
 * @param {{ toolchain: import('./toolchain.mjs').Toolchain, cache: string, signal?: AbortSignal,
 *   note: (text: string) => void, progress: (text: string) => void }} options
 */
export async function installPackages(options) {
  const stampFile = inRepository('node_modules', '.voicebus-installed');
  if (await isInstalled(stampFile, options.toolchain)) return;
  const lockFile = path.join(
    options.cache,
    'locks',
    `${fingerprint(rootFolder).slice(0, 16)}.lock`,
  );
  const lock = {
    timeoutMs: installTimeoutMs,
    signal: options.signal,
    onWait: () => options.note('waiting for another installation'),
  };
  await withLock(lockFile, lock, async () => {
    if (await isInstalled(stampFile, options.toolchain)) return;
    await rm(stampFile, { force: true });
    await runInstallation(options);
    await writeAtomically(stampFile, await describeInstallation(options.toolchain));
  });
}

async function isInstalled(stampFile, toolchain) {
  const stamp = await readFile(stampFile, 'utf8').catch(() => undefined);
  if (stamp !== (await describeInstallation(toolchain))) return false;
  for (const manifest of await listManifests()) {
    if (!(await hasItsModules(manifest))) return false;
  }
  return true;
}

async function describeInstallation(toolchain) {
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'].map((name) =>
    inRepository(name),
  );
  const content = await fingerprintFiles([...files, ...(await listManifests())], {
    relativeTo: rootFolder,
  });
  // Native addons fit one Node only.
  return fingerprint(content, toolchain.nodeFile);
}

async function hasItsModules(manifest) {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(await readFile(manifest, 'utf8'));
  const names = Object.keys({ ...dependencies, ...devDependencies });
  const modules = path.join(path.dirname(manifest), 'node_modules');
  return names.every((name) => existsSync(path.join(modules, name)));
}

async function runInstallation({ toolchain, signal, progress }) {
  await runCommand(
    toolchain.pnpmFile,
    // Without a terminal pnpm asks nobody and would refuse to replace old folders.
    [
      'install',
      '--frozen-lockfile',
      '--reporter=append-only',
      '--config.confirmModulesPurge=false',
    ],
    {
      cwd: rootFolder,
      env: {
        ...npmEnvironment(),
        ...toolchain.environment,
        // mediasoup's own installation does nothing when it is told of a worker. It
        // never runs (see pnpm-workspace.yaml); this is the second bolt, since its
        // download has no deadline.
        MEDIASOUP_WORKER_BIN: 'provided-by-setup',
      },
      timeoutMs: installTimeoutMs,
      signal,
      onLine: (line) => progress(line.trim().slice(0, 70)),
    },
  );
}
