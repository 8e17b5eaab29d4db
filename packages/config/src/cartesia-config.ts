import { z } from 'zod';
import {
  ConfigError,
  parseEnvironment,
  readEnvironment,
  type Environment,
} from './read-environment.ts';
import { serviceUrl } from './settings.ts';

const schema = z.object({
  CARTESIA_API_KEY: z.string().optional(),
  CARTESIA_BASE_URL: serviceUrl().optional(),
  CARTESIA_MODEL: z.string().optional(),
  CARTESIA_VOICE_BRIGHT: z.string().optional(),
  CARTESIA_VOICE_DEEP: z.string().optional(),
  CARTESIA_LANGUAGE: z
    .string()
    .regex(/^[a-z]{2}$/, { error: 'is no language of two letters: en, de …' })
    .optional(),
});

export interface CartesiaConfig {
  readonly apiKey: string;
  /** Null: Cartesia's own. */
  readonly baseUrl: string | null;
  /** Null: the newest that the adapter knows. */
  readonly model: string | null;
  /** Ids of Cartesia's voices by our names, where they are not the usual ones. */
  readonly voices: Readonly<Record<string, string>>;
  /** Null: English. */
  readonly language: string | null;
}

/** Only read where Cartesia is one of the choices. Throws a `ConfigError`. */
export function cartesiaConfig(environment: Environment = readEnvironment()): CartesiaConfig {
  const settings = parseEnvironment(schema, environment);
  const { CARTESIA_API_KEY: apiKey } = settings;
  if (apiKey === undefined)
    throw new ConfigError(
      'CARTESIA_API_KEY is not set. Make one at https://play.cartesia.ai/keys.',
    );
  const voices = { bright: settings.CARTESIA_VOICE_BRIGHT, deep: settings.CARTESIA_VOICE_DEEP };
  const named = Object.entries(voices).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    apiKey,
    baseUrl: settings.CARTESIA_BASE_URL ?? null,
    model: settings.CARTESIA_MODEL ?? null,
    voices: Object.fromEntries(named),
    language: settings.CARTESIA_LANGUAGE ?? null,
  };
}
