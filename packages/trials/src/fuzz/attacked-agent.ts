import type { ProbeSample } from '../agent/probe-sample.ts';
import {
  startProbedTransportAgent,
  type ProbedTransportAgent,
} from '../agent/probed-transport-agent.ts';
import { HealthyCaller } from './healthy-caller.ts';

export interface AttackedAgent {
  readonly url: string;
  readonly agent: ProbedTransportAgent;
  readonly violations: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/**
 * After a garbage collection. What history keeps by design (1,000 calls, 5,000 events each) is far below; a
 * leak of input is above.
 */
const allowedHeapBytes = 100 * 1024 ** 2;
/** Of the whole process: decoders' and detectors' pools alone fill 270 MB in the first thousand calls. */
const allowedGrowthBytes = 500 * 1024 ** 2;

/** A transport agent in a process of its own, with a healthy caller on it. */
export async function startAttackedAgent(
  env: Readonly<Record<string, string>> = {},
): Promise<AttackedAgent> {
  const agent = await startProbedTransportAgent(env);
  let ended: string | null = null;
  void agent.exited.then((code) => (ended = `the process ended with ${code}\n${agent.output()}`));
  try {
    const healthy = await HealthyCaller.call(agent.url);
    const atStart = await agent.sample();
    return {
      url: agent.url,
      agent,
      violations: async () => {
        const now = await agent.sample().catch(() => null);
        if (ended !== null) return [ended];
        if (now === null) return ['the process does not answer'];
        const grown = now.rss - atStart.rss;
        const grownHeap = heldBytes(now) - heldBytes(atStart);
        const problem = await healthy.problem();
        return [
          ...(grown > allowedGrowthBytes ? [`memory grew by ${megabytes(grown)} MB`] : []),
          ...(grownHeap > allowedHeapBytes ? [`the heap grew by ${megabytes(grownHeap)} MB`] : []),
          ...(problem === null ? [] : [`${problem}\n${agent.output()}`]),
        ];
      },
      close: async () => {
        await healthy.close();
        await agent.stop();
      },
    };
  } catch (thrown) {
    await agent.stop();
    throw thrown;
  }
}

function heldBytes({ heapUsed, external }: ProbeSample): number {
  return heapUsed + external;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
