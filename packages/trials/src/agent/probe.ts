/**
 * Loaded into a transport agent before its own code (`node --import`): answers, on a port of its own on
 * loopback, what the process holds at the moment. The product knows nothing of it.
 */
import { createServer } from 'node:http';
import { queryObjects, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';
import { SessionEvents, Worker } from '@voicebus/core';
import { MediaConnection, MicrophoneStream } from '@voicebus/transport-mediasoup';
import { CpuProfile } from './cpu-profile.ts';
import type { ProbeSample } from './probe-sample.ts';
import { noteLeavingPackets } from './leaving-packets.ts';
import { watchSentPackets } from './sent-packets.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What belongs to one call, and must be gone some time after it. */
const perCall = { Worker, SessionEvents, MediaConnection, MicrophoneStream } as const;

function sample(): ProbeSample {
  collectGarbage();
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  const { user, system } = process.cpuUsage();
  const cpuMs = (user + system) / 1000;
  return { rss, heapUsed, external, arrayBuffers, cpuMs, resources };
}

/** Takes a second or more, during which nothing else happens. */
function countObjects(): Record<string, number> {
  const count = (type: (typeof perCall)[keyof typeof perCall]): number =>
    queryObjects(type, { format: 'count' });
  return Object.fromEntries(Object.entries(perCall).map(([name, type]) => [name, count(type)]));
}

// The process's own threads load this file, too.
if (isMainThread) {
  let takeSentPackets: (() => unknown) | undefined;
  const profile = new CpuProfile();
  const answers: Readonly<Record<string, () => unknown>> = {
    '/': sample,
    '/objects': countObjects,
    '/sent-packets/watch': () => void (takeSentPackets ??= watchSentPackets()),
    '/sent-packets/take': () => takeSentPackets?.(),
    '/profile/start': () => profile.start(),
    '/profile/stop': () => profile.stop(),
  };
  const server = createServer(({ url = '' }, response) => {
    void (async () => response.end(JSON.stringify((await answers[url]?.()) ?? null)))();
  });
  server.listen(Number(process.env['VOICEBUS_PROBE_PORT']), '127.0.0.1');
  server.unref();
  // Whoever measures may be killed: nothing of theirs stays behind.
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
  }, 1_000).unref();
} else noteLeavingPackets();
