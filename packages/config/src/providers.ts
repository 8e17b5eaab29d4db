import { z } from 'zod';
import { ConfigError, parseEnvironment, type Environment } from './read-environment.ts';
import { listOf, oneOf } from './settings.ts';

/** `scripted` is for tests and measurements: fixed words, tones, no delay. */
const schema = z.object({
  STT: listOf(['deepgram', 'offline', 'scripted']).optional(),
  LLM: listOf(['openai', 'offline', 'scripted']).optional(),
  TTS: listOf(['cartesia', 'sherpa', 'offline', 'scripted']).optional(),
  /** `scripted` goes by loudness, so that a tone is speech. */
  VAD: oneOf(['silero', 'scripted']).default('silero'),
});

/** Of each part: the providers to use, first choice first; never empty. */
export interface ProviderChoice {
  readonly stt: readonly ('deepgram' | 'offline' | 'scripted')[];
  readonly llm: readonly ('openai' | 'offline' | 'scripted')[];
  readonly tts: readonly ('cartesia' | 'sherpa' | 'offline' | 'scripted')[];
  readonly vad: 'silero' | 'scripted';
}

/** What a service needs before it can be used: any one of these settings. */
const needs = {
  deepgram: ['DEEPGRAM_API_KEY'],
  // A server of one's own that speaks like OpenAI usually asks for no key.
  openai: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'],
  cartesia: ['CARTESIA_API_KEY'],
  sherpa: ['SHERPA_VOICES_FOLDER'],
} as const;
type Service = keyof typeof needs;
type Part = 'stt' | 'llm' | 'tts';

/**
 * Each part is chosen on its own. Unset: the service whose key is set and then offline, else offline.
 * `opened`: what this process opens itself; a service that is named there and has no key throws a
 * `ConfigError`. The keys of the others are none of its business.
 */
export function chooseProviders(
  environment: Environment,
  opened: readonly Part[] = ['stt', 'llm', 'tts'],
): ProviderChoice {
  const { STT, LLM, TTS, VAD } = parseEnvironment(schema, environment);
  const usual = <const Name extends Service>(service: Name): (Name | 'offline')[] =>
    isUsable(service, environment) ? [service, 'offline'] : ['offline'];
  const choice: ProviderChoice = {
    stt: STT ?? usual('deepgram'),
    llm: LLM ?? usual('openai'),
    tts: TTS ?? usual('cartesia'),
    vad: VAD,
  };
  const problems = opened.flatMap((part) =>
    choice[part].flatMap((name) => missing(part.toUpperCase(), name, environment)),
  );
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return choice;
}

/** Which parts the page has to label as an offline demo: those whose first choice is. It needs no key. */
export function choosesOffline(environment: Environment): {
  stt: boolean;
  llm: boolean;
  tts: boolean;
} {
  const { stt, llm, tts } = chooseProviders(environment, []);
  return { stt: stt[0] === 'offline', llm: llm[0] === 'offline', tts: tts[0] === 'offline' };
}

function isUsable(service: Service, environment: Environment): boolean {
  return needs[service].some((name) => environment[name] !== undefined);
}

function missing(setting: string, name: string, environment: Environment): string[] {
  if (!Object.hasOwn(needs, name) || isUsable(name as Service, environment)) return [];
  const names = needs[name as Service].join(' or ');
  return [
    `${setting} names ${name}, but ${names} is not set. Set it in the environment or in .env, or take ${name} out of ${setting}.`,
  ];
}
