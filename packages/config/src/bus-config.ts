import { z } from 'zod';
import { oneOf } from './settings.ts';

export interface BusConfig {
  readonly kind: 'local' | 'redis';
  /** Deployments with different channels never hear each other. */
  readonly channel: string;
  /** One server, the nodes of a cluster with commas between them, or `redis-sentinel://hosts/name`. */
  readonly redisUrl: string;
}

/** The settings of every service that joins a bus. */
export const busSettings = {
  BUS: oneOf(['local', 'redis']).default('local'),
  VOICEBUS_CHANNEL: z
    .string()
    .regex(/^[\w.-]{1,64}$/, { error: 'is a name of letters, digits, "_", "." and "-"' })
    .default('voicebus'),
  REDIS_URL: z
    .string()
    .regex(/^rediss?(?:-sentinel)?:\/\//, {
      error: 'begins with redis://, rediss://, redis-sentinel:// or rediss-sentinel://',
    })
    .default('redis://127.0.0.1:6379'),
  /** What this process is called on the dashboard; kept over restarts. Default: role and host. */
  VOICEBUS_RUNNER_NAME: z
    .string()
    .regex(/^[\w:.@-]{1,64}$/, {
      error: 'is a name of letters, digits, "_", ":", ".", "@" and "-"',
    })
    .optional(),
  /** How long live calls may go on after the process was told to end. */
  DRAIN_SECONDS: z.coerce.number().int().min(0).max(86_400).optional(),
};

export function busConfig(settings: {
  BUS: 'local' | 'redis';
  VOICEBUS_CHANNEL: string;
  REDIS_URL: string;
}): BusConfig {
  return {
    kind: settings.BUS,
    channel: settings.VOICEBUS_CHANNEL,
    redisUrl: settings.REDIS_URL,
  };
}
