import { freePort } from './free-port.ts';
import { startServiceProcess, type ServiceProcess } from './service-process.ts';

export interface AgentProcessOptions {
  /** "greeter", "support". */
  readonly role: string;
  readonly redisUrl: string;
  readonly channel: string;
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface AgentProcess extends ServiceProcess {
  readonly healthUrl: string;
}

/** Starts agents in a process of their own; resolves when they take sessions. */
export async function startAgentProcess(options: AgentProcessOptions): Promise<AgentProcess> {
  const { role, redisUrl, channel, name, env = {} } = options;
  const port = await freePort();
  const healthUrl = `http://127.0.0.1:${port}`;
  const flags = ['--redis-url', redisUrl, '--channel', channel, '--health-port', String(port)];
  const named = name === undefined ? [] : ['--name', name];
  const service = await startServiceProcess({
    name: `the ${role}`,
    program: 'apps/agents/src/main.ts',
    programArguments: [role, ...flags, ...named],
    env: { LLM: 'scripted', LOG_LEVEL: 'warn', ...env },
    url: healthUrl,
  });
  return { ...service, healthUrl };
}
