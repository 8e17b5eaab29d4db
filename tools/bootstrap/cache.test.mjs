import { mkdtemp, readFile, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';

import { beforeEach, expect, test } from 'vitest';

import { cacheFolder, withLock, writeAtomically } from './cache.mjs';

let folder;
let file;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voicebus-cache-'));
  file = path.join(folder, 'deep', 'a.lock');
});

// Above what a process id can be, so that no process has it.
const deadPid = 2 ** 30;

async function holdBy(owner) {
  await withLock(file, { timeoutMs: 1000 }, async () => {});
  await writeFile(file, JSON.stringify(owner));
}

test('the cache follows VOICEBUS_CACHE_DIR, then XDG_CACHE_HOME', () => {
  expect(cacheFolder({ VOICEBUS_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' })).toBe(path.resolve('/a'));
  expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe(path.join('/b', 'voicebus'));
  expect(cacheFolder({})).toMatch(/[\\/]\.cache[\\/]voicebus$/);
});

test('a file is replaced as a whole and leaves nothing beside it', async () => {
  const target = path.join(folder, 'secret');
  await writeAtomically(target, 'old');
  await writeAtomically(target, 'new', { mode: 0o600 });
  expect(await readFile(target, 'utf8')).toBe('new');
  expect((await stat(target)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['secret']);
});

test('one at a time holds a lock, and every waiter gets its turn', async () => {
  let inside = 0;
  let most = 0;
  const enter = () =>
    withLock(file, { timeoutMs: 10_000 }, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    });
  await Promise.all([enter(), enter(), enter()]);
  expect(most).toBe(1);
});

test('the lock of a process that has died is taken over', async () => {
  await holdBy({ pid: deadPid, host: hostname() });
  expect(await withLock(file, { timeoutMs: 1000 }, async () => 'mine')).toBe('mine');
});

test('the lock of a living process is waited for, up to the deadline', async () => {
  await holdBy({ pid: process.pid, host: hostname() });
  let waited = 0;
  const attempt = withLock(file, { timeoutMs: 0, onWait: () => (waited += 1) }, async () => {});
  await expect(attempt).rejects.toThrow('delete that file');
  await expect(
    withLock(file, { timeoutMs: 300, onWait: () => (waited += 1) }, async () => {}),
  ).rejects.toThrow(file);
  expect(waited).toBe(1);
});

test('a lock from another host, or one that is damaged, counts until its heartbeat is old', async () => {
  const longAgo = new Date(Date.now() - 60_000);
  for (const content of [JSON.stringify({ pid: 1, host: 'elsewhere' }), 'not JSON']) {
    await holdBy({});
    await writeFile(file, content);
    await expect(withLock(file, { timeoutMs: 0 }, async () => {})).rejects.toThrow();
    await utimes(file, longAgo, longAgo);
    expect(await withLock(file, { timeoutMs: 1000 }, async () => 'mine')).toBe('mine');
  }
});

test('a lock is released when the work under it fails', async () => {
  const failing = withLock(file, { timeoutMs: 1000 }, async () => {
    throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  expect(await withLock(file, { timeoutMs: 0 }, async () => 'free')).toBe('free');
});
