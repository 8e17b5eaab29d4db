/** One end of the bench's traffic, in a process of its own: `sender` or `receiver`. */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { RedisBus } from '@voicebus/bus-redis';
import { RunnerBus, systemClock, VoicebusError } from '@voicebus/core';
import { Redis } from 'ioredis';
import { median } from '../report/quantile.ts';
import {
  channel,
  incarnations,
  nowMs,
  sessionName,
  type BenchTask,
  type ReceivedFigures,
  type SentFigures,
} from './bench-task.ts';
import { audioBytes, rawBytes, sendMessage } from './traffic.ts';

const [role = '', url = ''] = process.argv.slice(2);
const isSender = role === 'sender';
const rawChannel = 'bench:raw';
const maxSessions = 500;
/** A round that takes longer has lost something. */
const roundMs = 30_000;

const sockets: Socket[] = [];
subscribe('net.client.socket', (message) =>
  sockets.push((message as { readonly socket: Socket }).socket),
);

const bus = new RunnerBus({
  bus: new RedisBus({
    redis: url,
    channel,
    onProblem: (what, thrown) => process.stderr.write(`${role}: ${what}: ${String(thrown)}\n`),
  }),
  incarnation: isSender ? incarnations.sender : incarnations.receiver,
  clock: { ...systemClock, wall: nowMs },
  onUnrouted: () => new VoicebusError('no-such-worker', 'nobody'),
  onProblem: () => {},
});
await bus.join({ onRecord: () => {}, onLeft: () => {}, onLink: () => {} });
const raw = new Redis(url);

let waysMs: number[] = [];
let received = 0;
let expected = Infinity;
let firstSentMs = Infinity;
let lastMs = 0;
let all = Promise.withResolvers<void>();

function arrived(sentMs: number): void {
  const now = nowMs();
  received += 1;
  waysMs.push(now - sentMs);
  if (sentMs < firstSentMs) firstSentMs = sentMs;
  lastMs = now;
  if (received === expected) all.resolve();
}

if (!isSender) {
  raw.on('messageBuffer', (_name: Buffer, message: Buffer) => arrived(message.readDoubleBE(0)));
  await raw.subscribe(rawChannel);
  await bus.membership.media.listen(sessionName(0), ({ pcm }) => arrived(pcm.readDoubleBE(0)));
  for (let index = 0; index < maxSessions; index += 1)
    bus.subscribe('main', sessionName(index), {
      receive: ({ message }) => arrived(message.wallMs),
    });
}

function bytesWritten(): number {
  return sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0);
}

function cpuUs(since?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

let sequence = 0;

/** Sends one; false when its way is full for now. */
function createSend(task: BenchTask): (index: number) => boolean | Promise<unknown> {
  if (task.way === 'raw') {
    const bytes = rawBytes(task.kind);
    return () => {
      const message = Buffer.alloc(bytes);
      message.writeDoubleBE(nowMs(), 0);
      return raw.publish(rawChannel, message);
    };
  }
  if (task.plane === 'media') {
    const { media } = bus.membership;
    return () => {
      const pcm = Buffer.alloc(audioBytes);
      pcm.writeDoubleBE(nowMs(), 0);
      sequence += 1;
      const frame = { sessionId: sessionName(0), sequence, sampleRate: 24_000, pcm };
      media.send(incarnations.receiver, { ...frame, wallMs: Date.now() });
      return true;
    };
  }
  return (index) => {
    try {
      sendMessage(bus, task.kind, index % task.sessions);
      return true;
    } catch (thrown) {
      if (thrown instanceof VoicebusError && thrown.code === 'queue-full') return false;
      throw thrown;
    }
  };
}

/** What one sender can have under way, so that its memory is not what is measured. */
const window = 1_024;

async function send(task: BenchTask): Promise<SentFigures> {
  const sendOne = createSend(task);
  const cpu = process.cpuUsage();
  const bytes = bytesWritten();
  const startedMs = nowMs();
  let last: unknown;
  for (let sent = 0; sent < task.count;) {
    if (nowMs() - startedMs > roundMs)
      throw new Error(`${sent} of ${task.count} went out within ${roundMs} ms.`);
    const due =
      task.rate === 'max'
        ? Math.min(task.count, sent + 64)
        : Math.min(task.count, Math.floor(((nowMs() - startedMs) * task.rate) / 1_000) + 1);
    while (sent < due) {
      const result = sendOne(sent);
      if (result === false) break;
      last = result;
      sent += 1;
      if (task.rate === 'max' && sent % window === 0) await last;
    }
    if (task.rate === 'max') await nextTurn();
    else await delay(1);
  }
  await last;
  // Until the answers of Redis are in: they are part of what a message costs.
  await delay(20);
  return { cpuUs: cpuUs(cpu), bytes: bytesWritten() - bytes };
}

let beganCpu = process.cpuUsage();

/** Of sound nothing is repaired: what is not there after half a second does not come. */
async function untilQuiet(): Promise<void> {
  for (let before = -1; received < expected && received > before;) {
    before = received;
    await delay(500);
  }
}

async function finish({ count, plane }: BenchTask): Promise<ReceivedFigures> {
  expected = count;
  if (plane === 'media') await untilQuiet();
  else if (received < count) {
    const late = setTimeout(
      () => all.reject(new Error(`${received} of ${count} came within ${roundMs} ms.`)),
      roundMs,
    );
    await all.promise;
    clearTimeout(late);
  }
  return {
    received,
    cpuUs: cpuUs(beganCpu),
    p50Us: median(waysMs) * 1_000,
    elapsedMs: lastMs - firstSentMs,
  };
}

process.on('message', (message: { readonly what: string; readonly task: BenchTask }) => {
  const answer = async (): Promise<unknown> => {
    switch (message.what) {
      case 'begin':
        waysMs = [];
        received = 0;
        expected = Infinity;
        firstSentMs = Infinity;
        all = Promise.withResolvers();
        beganCpu = process.cpuUsage();
        return {};
      case 'send':
        return send(message.task);
      case 'finish':
        return finish(message.task);
      default:
        await bus.leave();
        raw.disconnect();
        return {};
    }
  };
  answer().then(
    (result) => process.send?.({ result }, () => message.what === 'end' && process.exit(0)),
    (thrown: unknown) => process.send?.({ error: String(thrown) }),
  );
});
process.once('disconnect', () => process.exit(0));
process.send?.({ result: {} });
