import {
  deepgramConfig,
  sherpaRecogniserConfig,
  type TransportAgentConfig,
} from '@voicebus/config';
import type { SpeechToText } from '@voicebus/core';
import { circuitReport } from '@voicebus/service';
import { noRecogniser } from './no-recogniser.ts';

type Settings = Pick<TransportAgentConfig, 'providers' | 'recogniser' | 'cacheFolder'>;
type Name = Settings['providers']['stt'][number];
type Report = (what: string, thrown?: unknown) => void;

/**
 * The recognisers that the settings name, as one; nothing of the others is loaded. Tried and started when it
 * is given: the first caller waits for neither.
 */
export async function openSpeechToText(settings: Settings, report: Report): Promise<SpeechToText> {
  const names = settings.providers.stt;
  const opened = await Promise.all(names.map(async (name) => open(name, settings)));
  const [first, ...others] = opened.filter((recogniser) => recogniser !== null);
  if (!first) return noRecogniser;
  if (names.length === 1 && (names[0] === 'offline' || names[0] === 'scripted'))
    return warmedUp(first, report);
  if (names.includes('offline') && opened.includes(null))
    report('the offline recogniser is not there: nobody takes the place of the others');
  const { FallbackSpeechToText } = await import('@voicebus/speech/fallback-speech-to-text');
  const chain = new FallbackSpeechToText({
    providers: [first, ...others],
    onChange: circuitReport('speech to text by', report),
  });
  await chain.warmUp();
  return chain;
}

async function warmedUp(recogniser: SpeechToText, report: Report): Promise<SpeechToText> {
  try {
    await recogniser.warmUp?.();
    return recogniser;
  } catch (thrown) {
    report(`the ${recogniser.name} recogniser does not work: callers can type only`, thrown);
    await recogniser[Symbol.asyncDispose]();
    return noRecogniser;
  }
}

/** Null: its program is not on this machine. */
async function open(name: Name, { recogniser, cacheFolder }: Settings) {
  switch (name) {
    case 'deepgram': {
      const { DeepgramSpeechToText } = await import('@voicebus/speech/deepgram');
      const { apiKey, keyterms, ...own } = deepgramConfig();
      const given = Object.entries(own).filter(([, value]) => value !== null);
      return new DeepgramSpeechToText({ apiKey, keyterms, ...Object.fromEntries(given) });
    }
    case 'sherpa': {
      const { SherpaRecogniser } = await import('@voicebus/speech/sherpa-recogniser');
      return new SherpaRecogniser(sherpaRecogniserConfig());
    }
    case 'scripted': {
      const { scriptedFinals, ScriptedSpeechToText } = await import('@voicebus/testing');
      return new ScriptedSpeechToText({ finals: scriptedFinals });
    }
    case 'offline': {
      if (recogniser === null) return null;
      const { OfflineRecogniser } = await import('@voicebus/speech/offline-recogniser');
      const { dialogueSentences } = await import('@voicebus/llm/corpus');
      return new OfflineRecogniser({
        program: recogniser,
        sentences: dialogueSentences(),
        ...(cacheFolder === null ? {} : { cacheFolder }),
      });
    }
  }
}
