import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test, vi } from 'vitest';
import { freePort } from './free-port.ts';

const run = promisify(execFile);
const firstEphemeral = Number.parseInt(
  readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'),
  10,
);

afterEach(() => {
  vi.restoreAllMocks();
});

test('no port is given twice, nor to another process while this one runs', async () => {
  const own = await Promise.all(Array.from({ length: 300 }, () => freePort()));
  expect(new Set(own).size).toBe(300);
  const program = `
    import { freePort } from ${JSON.stringify(path.join(import.meta.dirname, 'free-port.ts'))};
    console.log(JSON.stringify(await Promise.all(Array.from({ length: 900 }, () => freePort()))));
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program]);
  const others = new Set(JSON.parse(stdout) as number[]);
  expect(others.size).toBe(900);
  expect(own.filter((port) => others.has(port))).toEqual([]);
});

test('a port is below those of connections that go out', async () => {
  vi.spyOn(Math, 'random').mockReturnValueOnce(1 - Number.EPSILON);
  expect(await freePort()).toBeLessThan(firstEphemeral);
});

test('a port on which somebody listens is not free', async () => {
  const taken = 10_000 + Math.floor((firstEphemeral - 10_000) / 2);
  const server = createServer();
  server.listen(taken, '127.0.0.1');
  await once(server, 'listening');
  try {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0.5);
    expect(await freePort()).not.toBe(taken);
  } finally {
    server.close();
  }
});
