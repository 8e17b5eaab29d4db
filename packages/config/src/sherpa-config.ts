import { z } from 'zod';
import {
  ConfigError,
  parseEnvironment,
  readEnvironment,
  type Environment,
} from './read-environment.ts';

const speaker = (usual: number) => z.coerce.number().int().min(0).max(1_000).default(usual);

const recogniserSchema = z.object({ SHERPA_RECOGNISER_FOLDER: z.string().optional() });

export interface SherpaRecogniserConfig {
  /** Of a streaming transducer of sherpa-onnx. */
  readonly folder: string;
}

/** Only read where sherpa listens. Throws a `ConfigError`. */
export function sherpaRecogniserConfig(
  environment: Environment = readEnvironment(),
): SherpaRecogniserConfig {
  const { SHERPA_RECOGNISER_FOLDER: folder } = parseEnvironment(recogniserSchema, environment);
  if (folder === undefined)
    throw new ConfigError(
      'SHERPA_RECOGNISER_FOLDER is not set. Name the folder of a streaming transducer.',
    );
  return { folder };
}

const voicesSchema = z.object({
  SHERPA_VOICES_FOLDER: z.string().optional(),
  SHERPA_VOICE_BRIGHT: speaker(0),
  SHERPA_VOICE_DEEP: speaker(5),
});

export interface SherpaVoicesConfig {
  /** Of a Kokoro model of sherpa-onnx. */
  readonly folder: string;
  /** The model's speakers by our names, from 0. */
  readonly speakers: Readonly<Record<string, number>>;
}

/** Only read where sherpa speaks. Throws a `ConfigError`. */
export function sherpaVoicesConfig(
  environment: Environment = readEnvironment(),
): SherpaVoicesConfig {
  const settings = parseEnvironment(voicesSchema, environment);
  const { SHERPA_VOICES_FOLDER: folder } = settings;
  if (folder === undefined)
    throw new ConfigError('SHERPA_VOICES_FOLDER is not set. Name the folder of a Kokoro model.');
  const speakers = { bright: settings.SHERPA_VOICE_BRIGHT, deep: settings.SHERPA_VOICE_DEEP };
  return { folder, speakers };
}
