import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { signalGroup, trackGroup } from './process-group.mjs';

const startMs = 10_000;
const attempts = 3;
const missing =
  'There is no redis-server here. Install one (apt-get install redis-server), or name yours: REDIS_URL=redis://host:6379 npm run start:distributed';

/**
 * A Redis for this run, on a free port of this machine, that keeps nothing.
 *
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startLocalRedis() {
  const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-redis-'));
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      const child = await startRedis(port, folder);
      const gone = new Promise((resolve) => child.once('exit', resolve));
      return {
        url: `redis://127.0.0.1:${port}`,
        stop: async () => {
          signalGroup(child, 'SIGTERM');
          await gone;
          await rm(folder, { recursive: true, force: true });
        },
      };
    } catch (error) {
      // A connection that goes out may have been given the port meanwhile.
      if (attempt < attempts && /address already in use/i.test(error.message)) continue;
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }
}

async function startRedis(port, folder) {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const child = spawn('redis-server', settings, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  let output = '';
  const ready = new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`redis-server is not ready within ${startMs / 1000} s.`)),
      startMs,
    );
    child.stdout.on('data', (chunk) => {
      output = `${output}${chunk}`.slice(-4_000);
      if (/ready to accept connections/i.test(output)) resolve();
    });
    child.once('error', () => reject(new Error(missing)));
    child.once('exit', () => reject(new Error(`redis-server has ended.\n${output}`)));
    void new Promise((settled) => child.once('exit', settled)).then(() => clearTimeout(timer));
  });
  if (child.pid !== undefined) trackGroup(child);
  await ready;
  return child;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
