import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { RedisServer } from '@voicebus/testing/bus-conformance';
import { type AgentProcess, freePort, startAgentProcess } from '@voicebus/testing/system';
import { type RunningServer, startTransportAgent, startWeb } from './servers.ts';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '..', '..', '..');
const channel = 'apart';
const names = ['greeter-1', 'greeter-2', 'support-1'];

/** Every service in a process of its own, over a Redis that knows each as the user that it is in the product. */
export class DistributedProduct implements AsyncDisposable {
  readonly #webs: readonly string[];
  readonly #transports: readonly string[];
  readonly #agents: Map<string, AgentProcess>;
  readonly #redisUrl: (user: string) => string;
  readonly #parts: AsyncDisposableStack;

  private constructor(started: {
    readonly webs: readonly string[];
    readonly transports: readonly string[];
    readonly agents: Map<string, AgentProcess>;
    readonly redisUrl: (user: string) => string;
    readonly parts: AsyncDisposableStack;
  }) {
    this.#webs = started.webs;
    this.#transports = started.transports;
    this.#agents = started.agents;
    this.#redisUrl = started.redisUrl;
    this.#parts = started.parts;
  }

  static async start(): Promise<DistributedProduct> {
    await using parts = new AsyncDisposableStack();
    const redisUrl = await startRedis(parts);
    const agents = new Map<string, AgentProcess>();
    parts.defer(() => {
      for (const agent of agents.values()) agent.kill('SIGKILL');
    });
    const keep = (server: RunningServer): string => {
      parts.defer(() => server.stop());
      return server.url;
    };
    const ports = await Promise.all([0, 1].map(() => freePort()));
    const urls = ports.map((port) => `http://localhost:${port}`);
    const [webs] = await Promise.all([
      Promise.all(
        [urls, urls.toReversed()].map(async (order) =>
          keep(await startWeb({ TRANSPORT_URLS: order.join(',') })),
        ),
      ),
      ...names.map(async (name) => agents.set(name, await startAgents(name, redisUrl('agent')))),
    ]);
    const settings = {
      BUS: 'redis',
      REDIS_URL: redisUrl('transport-agent'),
      VOICEBUS_CHANNEL: channel,
      STT: 'scripted',
      TTS: 'scripted',
      VAD: 'scripted',
      LOG_LEVEL: 'warn',
      ALLOWED_ORIGINS: webs.join(','),
    };
    const transports = await Promise.all(
      ports.map(async (transport, index) => {
        const own = { ...settings, VOICEBUS_RUNNER_NAME: `transport-${index + 1}` };
        const media = await freePort();
        // Which pages may call is said by ALLOWED_ORIGINS.
        return keep(await startTransportAgent({ transport, media, web: transport }, own));
      }),
    );
    return new DistributedProduct({ webs, transports, agents, redisUrl, parts: parts.move() });
  }

  /** Where pages are served that ask the transport agent of this index first. */
  webUrl(index: 0 | 1): string {
    return this.#webs[index] ?? '';
  }

  transportUrl(index: 0 | 1): string {
    return this.#transports[index] ?? '';
  }

  /** The process of that name that was started last. */
  agents(name: string): AgentProcess {
    const agents = this.#agents.get(name);
    if (!agents) throw new Error(`There are no agents of the name ${name}.`);
    return agents;
  }

  /** A new process under the name of one that is gone. */
  async startAgain(name: string): Promise<void> {
    this.#agents.set(name, await startAgents(name, this.#redisUrl('agent')));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.disposeAsync();
  }
}

function startAgents(name: string, redisUrl: string): Promise<AgentProcess> {
  const [role = ''] = name.split('-');
  return startAgentProcess({ role, name, channel, redisUrl });
}

/** With the users of the product, written by its own program; gives the address of each. */
async function startRedis(parts: AsyncDisposableStack): Promise<(user: string) => string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-users-'));
  parts.defer(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'users.acl');
  const password = randomBytes(24).toString('hex');
  await run(process.execPath, ['tools/redis/write-users.mjs', file], {
    cwd: root,
    env: {
      ...process.env,
      VOICEBUS_CHANNEL: channel,
      REDIS_TRANSPORT_AGENT_PASSWORD: password,
      REDIS_AGENT_PASSWORD: password,
    },
  });
  const redis = parts.use(await RedisServer.start(['--aclfile', file]));
  return (user) => `redis://${user}:${password}@127.0.0.1:${redis.port}`;
}
