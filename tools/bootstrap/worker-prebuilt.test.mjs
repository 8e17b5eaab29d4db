import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import {
  describePrebuilt,
  fetchPrebuilt,
  prebuiltFile,
  recentFailure,
  rememberFailure,
} from './worker-prebuilt.mjs';

const dayMs = 24 * 60 * 60_000;

let server;
let cache;
let prebuilt;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.statusCode = request.url.startsWith('/3.27.1/') ? 200 : 404;
    response.end(gzipSync(Buffer.concat([workerEntry('binary'), Buffer.alloc(1024)])));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterAll(() => {
  server.close();
});

beforeEach(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'voicebus-prebuilt-'));
  prebuilt = describe('3.27.1');
});

function describe(version) {
  return describePrebuilt({
    version,
    platform: 'linux',
    architecture: 'x64',
    kernelRelease: '6.1.0-13-amd64',
    baseUrl: `http://127.0.0.1:${server.address().port}`,
  });
}

function workerEntry(content) {
  const header = Buffer.alloc(512);
  header.write('mediasoup-worker', 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('0', 156);
  const body = Buffer.alloc(512);
  body.write(content);
  return Buffer.concat([header, body]);
}

test('the address names version, system, architecture and, on Linux, the kernel', () => {
  const baseUrl = 'https://downloads.example';
  const linux = { version: '3.27.1', platform: 'linux', architecture: 'arm64', baseUrl };
  expect(describePrebuilt({ ...linux, kernelRelease: '5.15.0' }).url).toBe(
    'https://downloads.example/3.27.1/mediasoup-worker-3.27.1-linux-arm64-kernel5.tgz',
  );
  const windows = { version: '3.27.1', platform: 'win32', architecture: 'x64', baseUrl };
  expect(describePrebuilt(windows)).toMatchObject({
    url: 'https://downloads.example/3.27.1/mediasoup-worker-3.27.1-win32-x64.tgz',
    binaryName: 'mediasoup-worker.exe',
  });
});

test('the binary is fetched into the cache once', async () => {
  const file = prebuiltFile({ cache, prebuilt });
  expect(await fetchPrebuilt({ cache, prebuilt })).toEqual({ file });
  expect(await readFile(file, 'utf8')).toBe('binary');
  const unreachable = { ...prebuilt, url: 'http://127.0.0.1:1/' };
  expect(await fetchPrebuilt({ cache, prebuilt: unreachable })).toEqual({ file });
});

test('what cannot be fetched has a reason, which is remembered for a day', async () => {
  const missing = describe('0.0.0');
  const reason = 'there is none for this machine';
  expect(await fetchPrebuilt({ cache, prebuilt: missing })).toEqual({ reason });
  const now = Date.now();
  expect(await recentFailure({ cache, prebuilt: missing, now })).toBe(reason);
  expect(await recentFailure({ cache, prebuilt: missing, now: now + dayMs })).toBeUndefined();
});

test('another address is tried at once', async () => {
  await rememberFailure({ cache, prebuilt, reason: 'no answer within 10 s' });
  const other = { ...prebuilt, url: 'http://127.0.0.1/elsewhere' };
  expect(await recentFailure({ cache, prebuilt: other })).toBeUndefined();
});

test('a binary that does not work is not kept', async () => {
  const file = prebuiltFile({ cache, prebuilt });
  await fetchPrebuilt({ cache, prebuilt });
  await rememberFailure({ cache, prebuilt, reason: 'cannot carry a call' });
  expect(existsSync(file)).toBe(false);
});
