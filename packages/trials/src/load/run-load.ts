import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { MediaKind } from '@voicebus/protocol';
import { within } from '@voicebus/testing/system';
import {
  startProbedTransportAgent,
  type ProbedTransportAgent,
} from '../agent/probed-transport-agent.ts';
import type { ProfileShare } from '../agent/probe-sample.ts';
import { packetLateness } from '../report/packet-lateness.ts';
import type { LoadFigures } from './load-figures.ts';

export interface LoadResult extends LoadFigures {
  readonly callers: number;
  /** Of each packet of speech as it left the transport agent, to the fastest one of its spurt. */
  readonly sentLateness: readonly number[];
  /** Of a loop that does nothing but wait, in the same run. */
  readonly bareLateness: readonly number[];
  /** Of one core, per call; the mediasoup worker is a process of its own and not in it. */
  readonly cpuPercentPerCall: number;
  readonly memoryMbPerCall: number;
  /** Of the transport agent's main thread, the largest shares first; empty where none was asked for. */
  readonly profile: readonly ProfileShare[];
}

export interface LoadOptions {
  readonly callers: number;
  readonly seconds: number;
  /** `plain`: what WebRTC costs the callers themselves is not in it. */
  readonly media: MediaKind;
  /** Sampling costs some of what it measures. */
  readonly profile: boolean;
  /** For the transport agent, over fixed words instead of speech and a model. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Connecting, the last calls' ends, and a busy machine. */
const spareMs = 120_000;

/** Callers in a process of their own at one transport agent, a third of them talking. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { callers, seconds, media } = options;
  const agent = await startProbedTransportAgent({
    PLAIN_RTP: media === 'plain' ? 'on' : 'off',
    ...options.env,
  });
  const processes: { kill: () => unknown }[] = [];
  try {
    const empty = await costOf(agent);
    const calling = start('./callers-process.ts', [agent.url, `${callers}`, `${seconds}`, media]);
    processes.push(calling);
    const limitMs = seconds * 1_000 + spareMs;
    await within(calling.next(), spareMs, 'the callers to connect');
    const pacing = start('./bare-pacer-process.ts', [`${seconds}`]);
    processes.push(pacing);
    const atStart = await costOf(agent);
    const startedMs = performance.now();
    await agent.watchSentPackets();
    if (options.profile) await agent.startProfile();
    await new Promise((resolve) => setTimeout(resolve, (seconds * 1_000) / 2));
    const half = await costOf(agent);
    const halfMs = performance.now() - startedMs;
    const profile = options.profile ? await agent.stopProfile() : [];
    const [figures, bareLateness] = await within(
      Promise.all([calling.next(), pacing.next()]),
      limitMs,
      'the callers to end',
    );
    return {
      ...(figures as LoadFigures),
      callers,
      profile,
      sentLateness: (await agent.takeSentPackets()).flatMap(packetLateness),
      bareLateness: bareLateness as number[],
      cpuPercentPerCall: ((half.cpuMs - atStart.cpuMs) / halfMs / callers) * 100,
      memoryMbPerCall: (half.bytes - empty.bytes) / 1024 ** 2 / callers,
    };
  } finally {
    for (const each of processes) each.kill();
    await agent.stop();
  }
}

/** As the process counts it: a garbage collection in the middle would be measured as lateness. */
async function costOf(agent: ProbedTransportAgent): Promise<{ cpuMs: number; bytes: number }> {
  const metrics = await agent.metrics();
  const of = (name: string): number => metrics.get(name) ?? NaN;
  const cpuMs = of('process_cpu_seconds_total') * 1_000;
  return { cpuMs, bytes: of('process_resident_memory_bytes') };
}

/** A script of ours in a process of its own; `next` gives what it sends, in order. */
function start(
  script: string,
  given: string[],
): { next: () => Promise<unknown>; kill: () => boolean } {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), given);
  const received: unknown[] = [];
  const waiting: PromiseWithResolvers<unknown>[] = [];
  child.on('message', (message) => {
    const first = waiting.shift();
    if (first) first.resolve(message);
    else received.push(message);
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.splice(0)) reject(new Error(`${script} ended with ${code}`));
  });
  return {
    next: () => {
      if (received.length > 0) return Promise.resolve(received.shift());
      const wanted = Promise.withResolvers<unknown>();
      waiting.push(wanted);
      return wanted.promise;
    },
    kill: () => child.kill(),
  };
}
