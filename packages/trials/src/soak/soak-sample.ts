import type { ProbedTransportAgent } from '../agent/probed-transport-agent.ts';

/** What the transport agent holds at one moment; every number is to be as flat as the load is. */
export interface SoakSample {
  readonly atMs: number;
  readonly rssMb: number;
  readonly heapMb: number;
  readonly buffersMb: number;
  readonly timers: number;
  readonly handles: number;
  readonly sessions: number;
  readonly workers: number;
  readonly refused: number;
  readonly dropped: number;
}

const megabyte = 1024 ** 2;

export async function takeSample(agent: ProbedTransportAgent, atMs: number): Promise<SoakSample> {
  const [sample, metrics, workers] = await Promise.all([
    agent.sample(),
    agent.metrics(),
    countWorkers(agent.url),
  ]);
  const resources = Object.entries(sample.resources);
  const timers = sample.resources['Timeout'] ?? 0;
  const all = resources.reduce((sum, [, count]) => sum + count, 0);
  return {
    atMs,
    rssMb: sample.rss / megabyte,
    heapMb: sample.heapUsed / megabyte,
    buffersMb: (sample.external + sample.arrayBuffers) / megabyte,
    timers,
    handles: all - timers,
    sessions: metrics.get('voicebus_sessions') ?? 0,
    workers,
    refused: metrics.get('voicebus_bus_messages_refused') ?? 0,
    dropped: metrics.get('voicebus_bus_messages_dropped') ?? 0,
  };
}

async function countWorkers(url: string): Promise<number> {
  const response = await fetch(`${url}/v1/registry`, { signal: AbortSignal.timeout(10_000) });
  const { runners } = (await response.json()) as { runners: { workers: unknown[] }[] };
  return runners.reduce((sum, { workers }) => sum + workers.length, 0);
}
