import { chmod, copyFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { availableParallelism, freemem, setPriority, tmpdir } from 'node:os';
import path from 'node:path';

import { runCommand } from '../bootstrap/command.mjs';
import { fetchLibsrtp2 } from './libsrtp2.mjs';
import { prepareSources } from './sources.mjs';

// Measured: 3.5 to 4.6 minutes on two cores. One slow core may take ten times that.
const compileTimeoutMs = 60 * 60_000;
const configureTimeoutMs = 120_000;

// Measured: the largest compiler process of this build stays below 1.1 GB.
const memoryPerJob = 1.5 * 1024 ** 3;

/** As many compilers as there are cores and memory for; VOICEBUS_BUILD_JOBS decides otherwise. */
export function chooseJobs({
  cores = availableParallelism(),
  freeBytes = process.availableMemory?.() ?? freemem(),
  wanted = Number(process.env.VOICEBUS_BUILD_JOBS),
} = {}) {
  if (Number.isInteger(wanted) && wanted > 0) return wanted;
  return Math.max(1, Math.min(cores, Math.floor(freeBytes / memoryPerJob)));
}

/**
 * Builds mediasoup's worker from the sources in its npm package and Debian's
 * libraries. Needs what `debian-packages.mjs` lists, and apt for libsrtp's source.
 *
 * @param {{ packageFolder: string, outputFile: string, jobs?: number, signal?: AbortSignal,
 *   onProgress?: (text: string) => void }} options
 */
export async function buildWorker({
  packageFolder,
  outputFile,
  jobs = chooseJobs(),
  signal,
  onProgress,
}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-mediasoup-worker-'));
  try {
    const libsrtp2Folder = path.join(folder, 'libsrtp2');
    const targetFolder = path.join(folder, 'worker');
    const buildFolder = path.join(folder, 'build');
    onProgress?.('fetching the source of libsrtp');
    await fetchLibsrtp2({ targetFolder: libsrtp2Folder, signal });
    const mesonVersion = await runCommand('meson', ['--version'], { timeoutMs: 30_000, signal });
    await prepareSources({ packageFolder, libsrtp2Folder, targetFolder, mesonVersion });
    onProgress?.('configuring');
    await configure({ targetFolder, buildFolder, signal });
    await compile({ buildFolder, jobs, signal, onProgress });
    await install(path.join(buildFolder, 'mediasoup-worker'), outputFile, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function configure({ targetFolder, buildFolder, signal }) {
  const settings = [
    '--wrap-mode=nodownload',
    '--buildtype=release',
    '-Db_ndebug=true',
    '-Db_pie=true',
    '-Db_staticpic=true',
    // The other bandwidth estimator brings libwebrtc and abseil, a fifth of the
    // build; audio at tens of kilobits has no use for either.
    '-Dms_use_builtin_bwe=true',
  ];
  await runCommand('meson', ['setup', ...settings, buildFolder], {
    cwd: targetFolder,
    timeoutMs: configureTimeoutMs,
    signal,
  });
}

async function compile({ buildFolder, jobs, signal, onProgress }) {
  await runCommand('ninja', ['-C', buildFolder, '-j', String(jobs), 'mediasoup-worker'], {
    timeoutMs: compileTimeoutMs,
    signal,
    onSpawn: (child) => yieldToOthers(child.pid),
    onLine: (line) => {
      const [, done, all] = /^\[(\d+)\/(\d+)\]/.exec(line) ?? [];
      if (done) onProgress?.(`${done} of ${all} files compiled`);
    },
  });
}

/** The machine stays usable meanwhile, and a web build beside it goes first. */
function yieldToOthers(pid) {
  try {
    if (pid) setPriority(pid, 10);
  } catch {
    // Slower for others, nothing more.
  }
}

/** Written beside its place and moved there: nobody ever sees half a worker. */
async function install(builtFile, outputFile, signal) {
  const temporaryFile = `${outputFile}.${process.pid}.tmp`;
  await mkdir(path.dirname(outputFile), { recursive: true });
  await copyFile(builtFile, temporaryFile);
  await runCommand('strip', [temporaryFile], { timeoutMs: 60_000, signal });
  await chmod(temporaryFile, 0o755);
  await rename(temporaryFile, outputFile);
}
