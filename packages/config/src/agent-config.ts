import { z } from 'zod';
import { busConfig, busSettings, type BusConfig } from './bus-config.ts';
import { chooseProviders, type ProviderChoice } from './providers.ts';
import {
  ConfigError,
  parseEnvironment,
  readEnvironment,
  type Environment,
} from './read-environment.ts';
import { logLevel, port } from './settings.ts';
import { tracingConfig, tracingSettings, type TracingConfig } from './tracing-config.ts';

const schema = z.object({
  ...busSettings,
  /** Health, readiness and metrics. 0: a free port, which the log names. */
  HEALTH_PORT: port(0),
  HEALTH_HOST: z.string().default('127.0.0.1'),
  /** Calls at once; above it other replicas are chosen. */
  AGENT_CAPACITY: z.coerce.number().int().min(1).max(100_000).default(100),
  LOG_LEVEL: logLevel,
  ...tracingSettings,
});

export interface AgentConfig {
  readonly bus: BusConfig;
  readonly runnerName: string | null;
  readonly health: { readonly port: number; readonly host: string };
  readonly capacity: number;
  readonly drainSeconds: number;
  readonly llm: ProviderChoice['llm'];
  readonly logLevel: z.infer<typeof logLevel>;
  /** Null: nobody collects traces. */
  readonly tracing: TracingConfig | null;
}

/** Half of the calls to a shop are over by then. */
const usualDrainSeconds = 300;

/** What a process of agents needs. Flags of its command line come over the environment as its names. */
export function agentConfig(
  flags: Environment = {},
  environment: Environment = readEnvironment(),
): AgentConfig {
  const settings = parseEnvironment(schema, { BUS: 'redis', ...environment, ...flags });
  if (settings.BUS === 'local') {
    throw new ConfigError(
      'BUS is local: agents of a process of their own need a bus between processes. Set BUS=redis, or let `npm start` host them.',
    );
  }
  return {
    bus: busConfig(settings),
    runnerName: settings.VOICEBUS_RUNNER_NAME ?? null,
    health: { port: settings.HEALTH_PORT, host: settings.HEALTH_HOST },
    capacity: settings.AGENT_CAPACITY,
    drainSeconds: settings.DRAIN_SECONDS ?? usualDrainSeconds,
    llm: chooseProviders(environment, ['llm']).llm,
    logLevel: settings.LOG_LEVEL,
    tracing: tracingConfig(settings),
  };
}
