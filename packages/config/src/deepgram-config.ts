import { z } from 'zod';
import {
  ConfigError,
  parseEnvironment,
  readEnvironment,
  type Environment,
} from './read-environment.ts';
import { list, serviceUrl } from './settings.ts';

const schema = z.object({
  DEEPGRAM_API_KEY: z.string().optional(),
  DEEPGRAM_BASE_URL: serviceUrl(/^(https?|wss?)$/).optional(),
  DEEPGRAM_MODEL: z
    .string()
    .regex(/^[\w.-]{1,64}$/, { error: 'is no name of a model: flux-general-en, nova-3 …' })
    .optional(),
  DEEPGRAM_LANGUAGE: z
    .string()
    .regex(/^([a-z]{2,3}(-[A-Za-z0-9]{2,4})?|multi)$/, {
      error: 'is no language: en, en-GB, de, multi …',
    })
    .optional(),
  DEEPGRAM_KEYTERMS: list.optional(),
});

export interface DeepgramConfig {
  readonly apiKey: string;
  /** Null: Deepgram's own. */
  readonly baseUrl: string | null;
  /** Null: Flux for English. */
  readonly model: string | null;
  /** Of Nova. Null: English. */
  readonly language: string | null;
  readonly keyterms: readonly string[];
}

/** Only read where Deepgram is one of the choices. Throws a `ConfigError`. */
export function deepgramConfig(environment: Environment = readEnvironment()): DeepgramConfig {
  const settings = parseEnvironment(schema, environment);
  const { DEEPGRAM_API_KEY: apiKey, DEEPGRAM_MODEL: model } = settings;
  if (apiKey === undefined)
    throw new ConfigError('DEEPGRAM_API_KEY is not set. Make one at https://console.deepgram.com.');
  if (settings.DEEPGRAM_LANGUAGE !== undefined && !model?.startsWith('nova'))
    throw new ConfigError(
      'DEEPGRAM_LANGUAGE is for Nova models. Set DEEPGRAM_MODEL=nova-3, or for Flux DEEPGRAM_MODEL=flux-general-multi, which finds the language by itself.',
    );
  return {
    apiKey,
    baseUrl: settings.DEEPGRAM_BASE_URL ?? null,
    model: model ?? null,
    language: settings.DEEPGRAM_LANGUAGE ?? null,
    keyterms: settings.DEEPGRAM_KEYTERMS ?? [],
  };
}
