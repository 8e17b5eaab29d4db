import { z } from 'zod';
import { ConfigError, parseEnvironment, type Environment } from './read-environment.ts';
import { listOf, oneOf } from './settings.ts';

/** `scripted` is for tests and measurements: fixed words, tones, no delay. */
const schema = z.object({
  STT: listOf(['deepgram', 'sherpa', 'offline', 'scripted']).optional(),
  LLM: listOf(['openai', 'offline', 'scripted']).optional(),
  TTS: listOf(['cartesia', 'sherpa', 'offline', 'scripted']).optional(),
  /** `scripted` goes by loudness, so that a tone is speech. */
  VAD: oneOf(['silero', 'scripted']).default('silero'),
});

/** Of each part: the providers to use, first choice first; never empty. */
export interface ProviderChoice {
  readonly stt: readonly ('deepgram' | 'sherpa' | 'offline' | 'scripted')[];
  readonly llm: readonly ('openai' | 'offline' | 'scripted')[];
  readonly tts: readonly ('cartesia' | 'sherpa' | 'offline' | 'scripted')[];
  readonly vad: 'silero' | 'scripted';
}

/** What a provider needs before it can be used: any one of these settings; the others need none. */
const needs = {
  stt: { deepgram: ['DEEPGRAM_API_KEY'], sherpa: ['SHERPA_RECOGNISER_FOLDER'] },
  // A server of one's own that speaks like OpenAI usually asks for no key.
  llm: { openai: ['OPENAI_API_KEY', 'OPENAI_BASE_URL'] },
  tts: { cartesia: ['CARTESIA_API_KEY'], sherpa: ['SHERPA_VOICES_FOLDER'] },
} as const satisfies Readonly<Record<Part, Readonly<Record<string, readonly string[]>>>>;
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
  const isUsable = (names: readonly string[]): boolean =>
    names.some((name) => environment[name] !== undefined);
  const usual = <const Name extends string>(
    service: Name,
    names: readonly string[],
  ): (Name | 'offline')[] => (isUsable(names) ? [service, 'offline'] : ['offline']);
  const choice: ProviderChoice = {
    stt: STT ?? usual('deepgram', needs.stt.deepgram),
    llm: LLM ?? usual('openai', needs.llm.openai),
    tts: TTS ?? usual('cartesia', needs.tts.cartesia),
    vad: VAD,
  };
  const problems = opened.flatMap((part) =>
    choice[part].flatMap((name) => {
      const names = Object.entries<readonly string[]>(needs[part]).find(
        ([key]) => key === name,
      )?.[1];
      return names === undefined || isUsable(names) ? [] : [missing(part, name, names)];
    }),
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

function missing(part: Part, name: string, names: readonly string[]): string {
  const setting = part.toUpperCase();
  return `${setting} names ${name}, but ${names.join(' or ')} is not set. Set it in the environment or in .env, or take ${name} out of ${setting}.`;
}
