import { mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { isAlive } from './process-group.mjs';

const heartbeatMs = 5000;
// Six missed heartbeats: longer than a machine under full load keeps a timer waiting.
const staleAfterMs = 30_000;
const pollMs = 250;

/** Where everything lives that is fetched or built once and used by every copy of the project. */
export function cacheFolder(environment = process.env) {
  if (environment.VOICEBUS_CACHE_DIR) return path.resolve(environment.VOICEBUS_CACHE_DIR);
  return path.join(environment.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'voicebus');
}

/** Readers see the old file or the new one, never half of it. */
export async function writeAtomically(file, content, { mode = 0o644 } = {}) {
  const temporaryFile = `${file}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(temporaryFile, content, { mode });
  await rename(temporaryFile, file);
}

/**
 * Runs `action` while no other process runs one under the same lock file. A lock
 * whose owner has died (or, on another host, has stopped its heartbeat) is taken
 * over. Two waiters may, in a rare order of events, both take over; what is done
 * under a lock therefore also ends in an atomic rename.
 *
 * @param {string} file
 * @param {{ timeoutMs: number, signal?: AbortSignal, onWait?: () => void }} options
 * @param {() => Promise<T>} action
 * @template T
 * @returns {Promise<T>}
 */
export async function withLock(file, { timeoutMs, signal, onWait }, action) {
  const identity = JSON.stringify({
    pid: process.pid,
    host: hostname(),
    id: randomBytes(8).toString('hex'),
  });
  await mkdir(path.dirname(file), { recursive: true });
  const deadline = Date.now() + timeoutMs;
  let hasSaidSo = false;
  while (!(await tryCreate(file, identity))) {
    if (await isStale(file)) {
      await rm(file, { force: true });
      continue;
    }
    if (Date.now() >= deadline) {
      throw new Error(
        `Another process has held ${file} for ${Math.round(timeoutMs / 1000)} s. If none is running, delete that file.`,
      );
    }
    if (!hasSaidSo) onWait?.();
    hasSaidSo = true;
    await delay(pollMs, undefined, { signal });
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => {});
  }, heartbeatMs);
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    await release(file, identity);
  }
}

async function tryCreate(file, identity) {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(identity);
    await handle.close();
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isStale(file) {
  try {
    const [content, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    const isSilent = Date.now() - mtimeMs > staleAfterMs;
    const owner = parseOwner(content);
    // Just created and not yet written, or written by something else.
    if (!owner || owner.host !== hostname()) return isSilent;
    return isSilent || !isAlive(owner.pid);
  } catch (error) {
    // Released in the meantime.
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function parseOwner(content) {
  try {
    const owner = JSON.parse(content);
    return Number.isInteger(owner?.pid) ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** Somebody who believed us dead may hold the lock by now: theirs stays. */
async function release(file, identity) {
  const content = await readFile(file, 'utf8').catch(() => '');
  if (content === identity) await rm(file, { force: true });
}
