import { fileURLToPath } from 'node:url';
import {
  freePort,
  scriptedProviders,
  startTransportAgentProcess,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import type { TimedPacket } from '../report/packet-lateness.ts';
import type { ProbeSample, ProfileShare } from './probe-sample.ts';

export interface ProbedTransportAgent extends TransportAgentProcess {
  readonly sample: () => Promise<ProbeSample>;
  /** Live objects that belong to calls, by class. The process stands still for a second or more. */
  readonly objects: () => Promise<Readonly<Record<string, number>>>;
  readonly watchSentPackets: () => Promise<void>;
  /** Packets of speech since then, or since the last time, sender by sender: when each of them left. */
  readonly takeSentPackets: () => Promise<readonly (readonly TimedPacket[])[]>;
  readonly startProfile: () => Promise<void>;
  /** Where the main thread's time went since then, the largest share first. */
  readonly stopProfile: () => Promise<readonly ProfileShare[]>;
  /** Values of `/metrics` without labels, by name. */
  readonly metrics: () => Promise<ReadonlyMap<string, number>>;
}

const probe = fileURLToPath(new URL('./probe.ts', import.meta.url));
/** Collecting takes 50 to 300 ms; on a busy machine more. */
const collectMs = 20_000;
/** Counting goes through the whole heap several times per class. */
const countMs = 180_000;

/** A transport agent of its own, with fixed words instead of speech and a model, that can be looked into. */
export async function startProbedTransportAgent(
  env: Readonly<Record<string, string>> = {},
): Promise<ProbedTransportAgent> {
  const probePort = await freePort();
  const agent = await startTransportAgentProcess({
    env: {
      ...scriptedProviders,
      MAX_SESSIONS: '10000',
      LOG_LEVEL: 'error',
      NODE_OPTIONS: `--import=${probe}`,
      VOICEBUS_PROBE_PORT: String(probePort),
      ...env,
    },
  });
  const ask = async (path: string, limitMs = collectMs): Promise<unknown> => {
    const signal = AbortSignal.timeout(limitMs);
    return (await fetch(`http://127.0.0.1:${probePort}${path}`, { signal })).json();
  };
  return {
    ...agent,
    sample: async () => (await ask('/')) as ProbeSample,
    objects: async () => (await ask('/objects', countMs)) as Record<string, number>,
    watchSentPackets: async () => void (await ask('/sent-packets/watch')),
    takeSentPackets: async () => (await ask('/sent-packets/take')) as TimedPacket[][],
    startProfile: async () => void (await ask('/profile/start')),
    stopProfile: async () => (await ask('/profile/stop')) as ProfileShare[],
    metrics: async () => {
      const response = await fetch(`${agent.url}/metrics`, { signal: AbortSignal.timeout(5_000) });
      return parseMetrics(await response.text());
    },
  };
}

export function parseMetrics(text: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(/^([a-z_]+) ([\d.e+-]+)$/gm);
  return new Map([...lines].map(([, name = '', value]) => [name, Number(value)]));
}
