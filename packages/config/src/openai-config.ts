import { z } from 'zod';
import {
  ConfigError,
  parseEnvironment,
  readEnvironment,
  type Environment,
} from './read-environment.ts';
import { oneOf, serviceUrl } from './settings.ts';

const schema = z.object({
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: serviceUrl().optional(),
  OPENAI_MODEL: z.string().optional(),
  OPENAI_API: oneOf(['responses', 'chat']).optional(),
  OPENAI_REASONING_EFFORT: oneOf(['none', 'minimal', 'low', 'medium', 'high']).optional(),
  OPENAI_SERVICE_TIER: oneOf(['auto', 'default', 'priority']).optional(),
});

export interface OpenAIConfig {
  readonly apiKey: string | null;
  /** Null: OpenAI's own. */
  readonly baseUrl: string | null;
  readonly model: string;
  readonly api: 'responses' | 'chat';
  /** Null: the shortest that the model takes. */
  readonly reasoningEffort: 'none' | 'minimal' | 'low' | 'medium' | 'high' | null;
  readonly serviceTier: 'auto' | 'default' | 'priority' | null;
}

/** Why this one: docs/decisions/0010-cloud-providers.md. */
const usualModel = 'gpt-5.4-mini';

/** Only read where OpenAI is one of the choices. Throws a `ConfigError`. */
export function openAIConfig(environment: Environment = readEnvironment()): OpenAIConfig {
  const settings = parseEnvironment(schema, environment);
  const baseUrl = settings.OPENAI_BASE_URL ?? null;
  if (baseUrl !== null && settings.OPENAI_MODEL === undefined) {
    throw new ConfigError(
      'OPENAI_BASE_URL is set and OPENAI_MODEL is not. Name a model that the server has.',
    );
  }
  return {
    apiKey: settings.OPENAI_API_KEY ?? null,
    baseUrl,
    model: settings.OPENAI_MODEL ?? usualModel,
    api: settings.OPENAI_API ?? (baseUrl === null ? 'responses' : 'chat'),
    reasoningEffort: settings.OPENAI_REASONING_EFFORT ?? null,
    serviceTier: settings.OPENAI_SERVICE_TIER ?? null,
  };
}
