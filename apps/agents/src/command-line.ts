import { parseArgs } from 'node:util';
import { ConfigError } from '@voicebus/config';
import type { Agent } from '@voicebus/core';
import * as definitions from './definitions/index.ts';

const agents: readonly Agent[] = Object.values(definitions);
const usage = `Usage: agent ${agents.map(({ name }) => name).join('|')} … [--redis-url URL] [--channel NAME] [--health-port PORT] [--capacity CALLS] [--name NAME]`;

export interface CommandLine {
  /** Whom this process serves: one role is usual. */
  readonly roles: readonly Agent[];
  /** As settings: they win over the environment. */
  readonly flags: Readonly<Record<string, string>>;
}

/** Throws a `ConfigError` that says how it is used. */
export function readCommandLine(given: readonly string[]): CommandLine {
  const { positionals, values } = parse(given);
  if (positionals.length === 0) throw new ConfigError(`Name an agent.\n${usage}`);
  const roles = positionals.map((name) => {
    const agent = agents.find((each) => each.name === name);
    if (!agent) throw new ConfigError(`There is no agent "${name}".\n${usage}`);
    return agent;
  });
  const settings = {
    REDIS_URL: values['redis-url'],
    VOICEBUS_CHANNEL: values.channel,
    HEALTH_PORT: values['health-port'],
    AGENT_CAPACITY: values.capacity,
    VOICEBUS_RUNNER_NAME: values.name,
  };
  const flags = Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
  );
  return { roles, flags };
}

function parse(given: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        'redis-url': text,
        channel: text,
        'health-port': text,
        capacity: text,
        name: text,
      },
    });
  } catch (thrown) {
    throw new ConfigError(`${thrown instanceof Error ? thrown.message : String(thrown)}\n${usage}`);
  }
}
