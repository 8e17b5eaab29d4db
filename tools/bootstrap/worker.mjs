import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { isDebian } from './debian.mjs';
import { buildIntoCache, builtFile, lockedMediasoup, workerBuildNeed } from './worker-build.mjs';
import { passGate } from './worker-gate.mjs';
import {
  describePrebuilt,
  fetchPrebuilt,
  prebuiltFile,
  recentFailure,
  rememberFailure,
} from './worker-prebuilt.mjs';

/**
 * @typedef {{ source: 'given' | 'prebuilt' | 'cached', file: string }
 *   | { source: 'build', reason: string }} WorkerPlan
 */

/**
 * The worker that a start would take, as far as one is there: nothing is fetched or built.
 *
 * @returns {Promise<string | undefined>} its path
 */
export async function findWorker({ cache, environment }) {
  const given = environment.MEDIASOUP_WORKER_BIN;
  if (given) return existsSync(given) ? given : undefined;
  const mediasoup = await lockedMediasoup();
  const prebuilt = describePrebuilt({ version: mediasoup.version });
  const fetched = prebuiltFile({ cache, prebuilt });
  if (existsSync(fetched)) return fetched;
  const built = await builtFile({ cache, mediasoup });
  return existsSync(built) ? built : undefined;
}

/**
 * Where mediasoup's worker comes from, decided before packages are installed, since
 * only a build needs a compiler. The network is asked last: where a build lies in
 * the cache, the official binary could not be had before.
 *
 * @returns {Promise<WorkerPlan>}
 */
export async function planWorker({ cache, environment, signal }) {
  const given = environment.MEDIASOUP_WORKER_BIN;
  if (given) {
    if (existsSync(given)) return { source: 'given', file: given };
    throw new Error(
      `MEDIASOUP_WORKER_BIN names ${given}, which does not exist: correct or unset it.`,
    );
  }
  const mediasoup = await lockedMediasoup();
  const prebuilt = describePrebuilt({ version: mediasoup.version });
  const fetched = prebuiltFile({ cache, prebuilt });
  if (existsSync(fetched)) return { source: 'prebuilt', file: fetched };
  const cached = await builtFile({ cache, mediasoup });
  if (existsSync(cached)) return { source: 'cached', file: cached };
  const failure = await recentFailure({ cache, prebuilt });
  if (failure) return planBuild(failure);
  const result = await fetchPrebuilt({ cache, prebuilt, signal });
  if ('file' in result) return { source: 'prebuilt', file: result.file };
  return planBuild(result.reason);
}

function planBuild(failure) {
  const reason = `the official binary could not be had (${failure})`;
  if (isDebian()) return { source: 'build', reason };
  throw new Error(
    `mediasoup's worker is missing: ${reason}, and it builds on Debian only. Set MEDIASOUP_WORKER_BIN to one that you have built.`,
  );
}

/**
 * A worker that has passed the gate.
 *
 * @param {{ plan: WorkerPlan, cache: string, nodeFile: string, signal?: AbortSignal,
 *   ensureDebianPackages: (need: { packages: string[], reason: string }) => Promise<void>,
 *   note: (text: string) => void, progress: (text: string) => void }} options
 * @returns {Promise<string>} its path
 */
export async function obtainWorker(options) {
  const { plan, cache, nodeFile, signal, note } = options;
  if (plan.source === 'build') {
    note(plan.reason);
    return buildIntoCache({ ...options, mediasoup: await lockedMediasoup() });
  }
  try {
    await passGate({ file: plan.file, cache, nodeFile, signal });
    return plan.file;
  } catch (error) {
    signal?.throwIfAborted();
    if (plan.source === 'given') {
      throw new Error(
        `MEDIASOUP_WORKER_BIN names a worker that cannot carry a call. ${error.message}`,
        { cause: error },
      );
    }
    return replace({ ...options, reason: 'it cannot carry a call on this machine', error });
  }
}

/** A worker that was fetched or built, and does not get through the gate, makes room for a new one. */
async function replace({ reason, error, ...options }) {
  const { plan, cache, note } = options;
  note(`${plan.file}: ${reason}. ${error.message}`);
  const mediasoup = await lockedMediasoup();
  if (plan.source === 'prebuilt') {
    const prebuilt = describePrebuilt({ version: mediasoup.version });
    await rememberFailure({ cache, prebuilt, reason });
  } else {
    await rm(plan.file, { force: true });
  }
  await options.ensureDebianPackages(workerBuildNeed);
  return buildIntoCache({ ...options, mediasoup });
}
