import { z } from 'zod';
import { parseEnvironment, type Environment } from './read-environment.ts';
import { oneOf } from './settings.ts';

/** `scripted` is for tests and measurements: fixed words, tones, no delay. */
const schema = z.object({
  STT: oneOf(['offline', 'scripted']).default('offline'),
  LLM: oneOf(['offline', 'scripted']).default('offline'),
  TTS: oneOf(['offline', 'scripted']).default('offline'),
  /** `scripted` goes by loudness, so that a tone is speech. */
  VAD: oneOf(['silero', 'scripted']).default('silero'),
});

export type ProviderChoice = {
  readonly stt: Name;
  readonly llm: Name;
  readonly tts: Name;
  readonly vad: 'silero' | 'scripted';
};
type Name = 'offline' | 'scripted';

/** Each part is chosen on its own. */
export function chooseProviders(environment: Environment): ProviderChoice {
  const { STT, LLM, TTS, VAD } = parseEnvironment(schema, environment);
  return { stt: STT, llm: LLM, tts: TTS, vad: VAD };
}

/** Which parts the page has to label as an offline demo. */
export function choosesOffline(environment: Environment): {
  stt: boolean;
  llm: boolean;
  tts: boolean;
} {
  const { stt, llm, tts } = chooseProviders(environment);
  return { stt: stt === 'offline', llm: llm === 'offline', tts: tts === 'offline' };
}
