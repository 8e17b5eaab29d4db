import { RedisServer } from '@voicebus/testing/bus-conformance';
import {
  startAgentProcess,
  startTransportAgentProcess,
  type AgentProcess,
  type TransportAgentProcess,
} from '@voicebus/testing/system';

const channel = 'takeover';

/** Two greeters and a transport agent in processes of their own, over a Redis of their own. */
export class ServedChannel implements AsyncDisposable {
  readonly transport: TransportAgentProcess;
  readonly #redis: RedisServer;
  readonly #agents: Map<string, AgentProcess>;

  private constructor(
    redis: RedisServer,
    agents: Map<string, AgentProcess>,
    transport: TransportAgentProcess,
  ) {
    this.#redis = redis;
    this.#agents = agents;
    this.transport = transport;
  }

  static async start(): Promise<ServedChannel> {
    await using parts = new AsyncDisposableStack();
    const redis = parts.use(await RedisServer.start());
    const agents = new Map<string, AgentProcess>();
    for (const name of ['one', 'two']) {
      const agent = await startGreeter(name, redis.url);
      parts.defer(() => agent.kill('SIGKILL'));
      agents.set(name, agent);
    }
    const transport = await startTransportAgentProcess({
      env: {
        BUS: 'redis',
        REDIS_URL: redis.url,
        VOICEBUS_CHANNEL: channel,
        STT: 'scripted',
        TTS: 'scripted',
      },
    });
    parts.move();
    return new ServedChannel(redis, agents, transport);
  }

  /** The greeter that serves calls now, by the name that it has on the dashboard. */
  async speaker(): Promise<{ readonly name: string; readonly process: AgentProcess }> {
    const answer = await fetch(`${this.transport.url}/v1/registry`);
    const { runners } = (await answer.json()) as {
      runners: { runner: string; role: string; sessions: number }[];
    };
    const holder = runners.find(({ role, sessions }) => role === 'greeter' && sessions > 0);
    const process = this.#agents.get(holder?.runner ?? '');
    if (!holder || !process) throw new Error('Nobody holds the floor.');
    return { name: holder.runner, process };
  }

  /** A new process under a name whose last one is gone. */
  async startAgain(name: string): Promise<void> {
    this.#agents.set(name, await startGreeter(name, this.#redis.url));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport.stop();
    for (const agent of this.#agents.values()) agent.kill('SIGKILL');
    await this.#redis[Symbol.asyncDispose]();
  }
}

function startGreeter(name: string, redisUrl: string): Promise<AgentProcess> {
  return startAgentProcess({ role: 'greeter', name, channel, redisUrl });
}
