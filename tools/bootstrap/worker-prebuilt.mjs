import { readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { release } from 'node:os';
import path from 'node:path';

import { readFromArchive } from './archive.mjs';
import { writeAtomically } from './cache.mjs';

const connectTimeoutMs = 10_000;
const downloadTimeoutMs = 60_000;

/** A network that refuses GitHub today will mostly do so in an hour, too. */
const retryAfterMs = 24 * 60 * 60_000;

const releases = 'https://github.com/versatica/mediasoup/releases/download';

/**
 * The official binary's address, formed as mediasoup's own installation does, which
 * also knows the variable that names another place.
 */
export function describePrebuilt({
  version,
  platform = process.platform,
  architecture = process.arch,
  kernelRelease = release(),
  baseUrl = process.env.MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL || releases,
}) {
  const kernel = platform === 'linux' ? `-kernel${Number(kernelRelease.split('.')[0])}` : '';
  const name = `mediasoup-worker-${version}-${platform}-${architecture}${kernel}`;
  return {
    name,
    url: `${baseUrl}/${version}/${name}.tgz`,
    binaryName: platform === 'win32' ? 'mediasoup-worker.exe' : 'mediasoup-worker',
  };
}

export function prebuiltFile({ cache, prebuilt }) {
  return path.join(cache, 'mediasoup-worker', prebuilt.name, prebuilt.binaryName);
}

/** Why a recent attempt failed, or undefined when it is time to try (again). */
export async function recentFailure({ cache, prebuilt, now = Date.now() }) {
  const text = await readFile(failureFile({ cache, prebuilt }), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { url, at, reason } = JSON.parse(text);
  return url === prebuilt.url && now - at < retryAfterMs ? reason : undefined;
}

export async function rememberFailure({ cache, prebuilt, reason, now = Date.now() }) {
  await rm(prebuiltFile({ cache, prebuilt }), { force: true });
  const record = { url: prebuilt.url, at: now, reason };
  await writeAtomically(failureFile({ cache, prebuilt }), `${JSON.stringify(record)}\n`);
}

function failureFile({ cache, prebuilt }) {
  return path.join(cache, 'mediasoup-worker', `${prebuilt.name}.unavailable.json`);
}

/**
 * Fetches the official binary into the cache, or says why not.
 *
 * @returns {Promise<{ file: string } | { reason: string }>}
 */
export async function fetchPrebuilt({ cache, prebuilt, signal }) {
  const file = prebuiltFile({ cache, prebuilt });
  if (existsSync(file)) return { file };
  try {
    const binary = readFromArchive(await download(prebuilt.url, signal), prebuilt.binaryName);
    if (!binary) throw new Error(`the archive has no ${prebuilt.binaryName}`);
    await writeAtomically(file, binary, { mode: 0o755 });
    return { file };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error.cause?.message || error.message;
    await rememberFailure({ cache, prebuilt, reason });
    return { reason };
  }
}

async function download(url, signal) {
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const stopAfter = (milliseconds, text) =>
    setTimeout(() => stop.abort(new Error(text)), milliseconds);
  const connecting = stopAfter(connectTimeoutMs, 'no answer within 10 s');
  const downloading = stopAfter(downloadTimeoutMs, 'not complete within 60 s');
  try {
    const response = await fetch(url, { signal: stop.signal });
    clearTimeout(connecting);
    if (response.status === 404) throw new Error('there is none for this machine');
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } finally {
    clearTimeout(connecting);
    clearTimeout(downloading);
    signal?.removeEventListener('abort', onAbort);
  }
}
