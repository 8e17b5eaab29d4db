import { existsSync, realpathSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { release } from 'node:os';
import path from 'node:path';

import { buildWorker, chooseJobs } from '../mediasoup-worker/build.mjs';
import { debianPackages } from '../mediasoup-worker/debian-packages.mjs';
import { withLock } from './cache.mjs';
import { runCommand } from './command.mjs';
import { isDebian } from './debian.mjs';
import { fingerprint, fingerprintFiles, listSources } from './fingerprint.mjs';
import { inRepository } from './repository.mjs';
import { passGate } from './worker-gate.mjs';

// Longer than the build gives its own compilers: somebody else's build is waited for.
const lockTimeoutMs = 70 * 60_000;

export const workerBuildNeed = {
  packages: debianPackages,
  reason: "building mediasoup's worker, which carries the calls",
};

/** Version and integrity of mediasoup, from the lock: known before anything is installed. */
export async function lockedMediasoup(lockFile = inRepository('pnpm-lock.yaml')) {
  const lock = await readFile(lockFile, 'utf8');
  const [, version, integrity] =
    /^ {2}mediasoup@([^:(\s]+):\s+resolution: \{integrity: ([^,}\s]+)/m.exec(lock) ?? [];
  if (!version) throw new Error('pnpm-lock.yaml names no mediasoup: run pnpm install first.');
  return { version, integrity };
}

/** The place of a build in the cache, named after everything that decides its bytes. */
export async function builtFile({ cache, mediasoup }) {
  const folder = inRepository('tools', 'mediasoup-worker');
  // Neither decides what is built.
  const isRecipe = (file) =>
    !file.includes(`${path.sep}verify${path.sep}`) && !/(\.test\.mjs|gate\.mjs|\.md)$/.test(file);
  const recipe = await fingerprintFiles(await listSources(folder, { keep: isRecipe }), {
    relativeTo: folder,
  });
  const libraries = isDebian() ? await listLibraryVersions() : release();
  const key = fingerprint(mediasoup.integrity, recipe, libraries, process.arch).slice(0, 16);
  return path.join(
    cache,
    'mediasoup-worker',
    `built-${mediasoup.version}-${key}`,
    'mediasoup-worker',
  );
}

async function listLibraryVersions() {
  const format = '${Package} ${Version} ${db:Status-Status}\n';
  const libraries = debianPackages.filter((name) => name.endsWith('-dev') || name === 'g++');
  try {
    return await runCommand('dpkg-query', ['-W', '-f', format, ...libraries], {
      timeoutMs: 30_000,
    });
  } catch (error) {
    if (error.code === 1) return error.output;
    throw error;
  }
}

/** Builds the worker, unless another process does so already, and puts it into the cache. */
export async function buildIntoCache({ cache, mediasoup, nodeFile, note, progress, signal }) {
  // Asked for again here: installing the libraries has changed the versions in the name.
  const file = await builtFile({ cache, mediasoup });
  const lock = {
    timeoutMs: lockTimeoutMs,
    signal,
    onWait: () => note('waiting for another process that builds it'),
  };
  await withLock(`${path.dirname(file)}.lock`, lock, async () => {
    if (existsSync(file)) return;
    const jobs = chooseJobs();
    note(`building it with ${jobs} ${jobs === 1 ? 'job' : 'jobs'}, once on this machine`);
    const candidate = `${file}.candidate`;
    await buildWorker({
      packageFolder: locateMediasoup(),
      outputFile: candidate,
      jobs,
      signal,
      onProgress: progress,
    });
    try {
      await passGate({ file: candidate, cache, nodeFile, signal });
    } catch (error) {
      await rm(candidate, { force: true });
      throw error;
    }
    await rename(candidate, file);
  });
  return file;
}

function locateMediasoup() {
  const folder = inRepository('node_modules', 'mediasoup');
  if (!existsSync(folder))
    throw new Error('node_modules has no mediasoup: delete it and start again.');
  return realpathSync(folder);
}
