import {
  deepgramConfig,
  sherpaRecogniserConfig,
  type TransportAgentConfig,
} from '@voicebus/config';
import type { SpeechToText } from '@voicebus/core';
import {
  circuitReport,
  measuredSpeechToText,
  ProviderMetrics,
  type Report,
} from '@voicebus/service';
import type { DeepgramCounts } from '@voicebus/speech/deepgram';
import { noRecogniser } from './no-recogniser.ts';

type Settings = Pick<TransportAgentConfig, 'providers' | 'recogniser' | 'cacheFolder'>;
type Name = Settings['providers']['stt'][number];

/**
 * The recognisers that the settings name, as one; nothing of the others is loaded. Tried and started when it
 * is given: the first caller waits for neither.
 */
export async function openSpeechToText(
  settings: Settings,
  report: Report,
  metrics: ProviderMetrics = new ProviderMetrics(),
): Promise<SpeechToText> {
  const names = settings.providers.stt;
  const opened = await Promise.all(
    names.map(async (name) => {
      const recogniser = await open(name, settings, metrics);
      return recogniser && measuredSpeechToText(recogniser, metrics);
    }),
  );
  const [first, ...others] = opened.filter((recogniser) => recogniser !== null);
  if (!first) return noRecogniser;
  if (names.length === 1 && (names[0] === 'offline' || names[0] === 'scripted'))
    return warmedUp(first, report);
  if (names.includes('offline') && opened.includes(null))
    report('the offline recogniser is not there: nobody takes the place of the others');
  const { FallbackSpeechToText } = await import('@voicebus/speech/fallback-speech-to-text');
  const chain = new FallbackSpeechToText({
    providers: [first, ...others],
    onChange: circuitReport('stt', report, metrics),
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
async function open(
  name: Name,
  { recogniser, cacheFolder }: Settings,
  metrics: ProviderMetrics,
): Promise<SpeechToText | null> {
  switch (name) {
    case 'deepgram': {
      const { DeepgramSpeechToText } = await import('@voicebus/speech/deepgram');
      const { apiKey, keyterms, ...own } = deepgramConfig();
      const given = Object.entries(own).filter(([, value]) => value !== null);
      const deepgram = new DeepgramSpeechToText({
        apiKey,
        keyterms,
        ...Object.fromEntries(given),
      });
      watchDeepgram(deepgram.counts, metrics);
      return deepgram;
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

/** What only Deepgram has: turns that it judges, connections that break in the middle of a call. */
function watchDeepgram(counts: DeepgramCounts, metrics: ProviderMetrics): void {
  metrics.watch(
    'voicebus_deepgram_turns_total',
    'Turns as Flux tells them: its StartOfTurn, EagerEndOfTurn, TurnResumed and EndOfTurn.',
    () => ({
      'start-of-turn': counts.turns.started,
      'eager-end-of-turn': counts.turns.eagerEnds,
      'turn-resumed': counts.turns.resumed,
      'end-of-turn': counts.turns.ended,
    }),
  );
  metrics.watch(
    'voicebus_deepgram_connections_total',
    'Connections for calls: all of them, and those in the place of one that broke.',
    () => ({ opened: counts.connections, reconnected: counts.reconnections }),
  );
  metrics.watch(
    'voicebus_deepgram_sound_seconds_total',
    'Sound that was sent again to another connection, and that which could not be sent in time.',
    () => ({ replayed: counts.replayedMs / 1000, dropped: counts.droppedMs / 1000 }),
  );
}
