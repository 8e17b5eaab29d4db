import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const lowest = 10_000;
/** Linux; other systems begin at 49,152. */
const usualFirstEphemeral = 32_768;
const attempts = 200;
/** Of this user: what another one's processes wrote cannot be taken back. */
const folder = path.join(tmpdir(), `voicebus-test-ports-${process.getuid?.() ?? 'all'}`);
/** The files of this process. */
const claimed = new Set<string>();

/**
 * A port for a server that is started later, in this process or another, on TCP or UDP.
 *
 * It is below those that the system gives to connections that go out: a port that was merely found
 * free may be one end of such a connection by the time its server is there. No other test process
 * is given it while this one runs.
 *
 * @throws Error when none of many tried ports is free.
 */
export async function freePort(): Promise<number> {
  const limit = Math.max(lowest + 1_000, firstEphemeralPort());
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = lowest + Math.floor(Math.random() * (limit - lowest));
    if (claim(port) && (await isFree(port))) return port;
  }
  throw new Error(`None of ${attempts} ports between ${lowest} and ${limit} is free.`);
}

function firstEphemeralPort(): number {
  try {
    const range = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8');
    return Number.parseInt(range, 10) || usualFirstEphemeral;
  } catch {
    return usualFirstEphemeral;
  }
}

/** A file says whose the port is; one of a process that is gone says nothing. */
function claim(port: number): boolean {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, String(port));
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch {
    if (isOwned(file)) return false;
    // The next who wants this port may have it.
    rmSync(file, { force: true });
    return false;
  }
  if (claimed.size === 0) process.once('exit', giveBack);
  claimed.add(file);
  return true;
}

function isOwned(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}

function giveBack(): void {
  for (const file of claimed) rmSync(file, { force: true });
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port);
  const socket = createSocket('udp4').bind(port);
  const results = await Promise.allSettled([once(server, 'listening'), once(socket, 'listening')]);
  await Promise.all([
    new Promise((resolve) => server.close(resolve)),
    new Promise<void>((resolve) => socket.close(resolve)),
  ]);
  return results.every(({ status }) => status === 'fulfilled');
}
