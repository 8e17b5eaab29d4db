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

/** What history keeps by design (1,000 calls, 5,000 events each) is far below; a leak of input is above. */
const allowedGrowthBytes = 250 * 1024 ** 2;

/** A transport agent in a process of its own, with a healthy caller on it. */
export async function startAttackedAgent(
  env: Readonly<Record<string, string>> = {},
): Promise<AttackedAgent> {
  const agent = await startProbedTransportAgent(env);
  let ended: string | null = null;
  void agent.exited.then((code) => (ended = `the process ended with ${code}\n${agent.output()}`));
  try {
    const healthy = await HealthyCaller.call(agent.url);
    const { rss: rssAtStart } = await agent.sample();
    return {
      url: agent.url,
      agent,
      violations: async () => {
        const { rss } = await agent.sample().catch(() => ({ rss: Infinity }));
        if (ended !== null) return [ended];
        const grownMb = Math.round((rss - rssAtStart) / 1024 ** 2);
        const problem = await healthy.problem();
        return [
          ...(rss - rssAtStart > allowedGrowthBytes ? [`memory grew by ${grownMb} MB`] : []),
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
