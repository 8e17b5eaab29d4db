import { webConfigSchema, type WebConfig } from '@voicebus/protocol';
import { z } from 'zod';
import { parseEnvironment, readEnvironment, type Environment } from './read-environment.ts';
import { list, port } from './settings.ts';
import { choosesOffline } from './providers.ts';

const schema = z.object({
  TRANSPORT_URLS: list.optional(),
  TRANSPORT_PORT: port(3001),
});

/** What the page needs to know, at run time. */
export function webConfig(environment: Environment = readEnvironment()): WebConfig {
  const settings = parseEnvironment(schema, environment);
  return webConfigSchema.parse({
    transportUrls: settings.TRANSPORT_URLS ?? [`http://localhost:${settings.TRANSPORT_PORT}`],
    offline: choosesOffline(environment),
  });
}
