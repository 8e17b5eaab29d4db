import type { TransportAgentConfig } from '@voicebus/config';
import type {
  LanguageModel,
  SpeechToText,
  TextToSpeech,
  VoiceActivityDetector,
} from '@voicebus/core';
import { openLanguageModel, type ProviderMetrics, type Report } from '@voicebus/service';
import { openSpeechToText } from './open-speech-to-text.ts';
import { openTextToSpeech } from './open-text-to-speech.ts';

export interface Providers extends AsyncDisposable {
  readonly stt: SpeechToText;
  /** Of the agents that this process hosts; null where they have processes of their own. */
  readonly llm: LanguageModel | null;
  readonly tts: TextToSpeech;
  readonly vad: VoiceActivityDetector;
}

/** Loads only what was chosen: nothing of the other providers is read or started. */
export async function createProviders(
  config: TransportAgentConfig,
  report: Report,
  metrics: ProviderMetrics,
): Promise<Providers> {
  const [stt, llm, tts, vad] = await Promise.all([
    openSpeechToText(config, report, metrics),
    config.bus.kind === 'local' ? openLanguageModel(config.providers.llm, report, metrics) : null,
    openTextToSpeech(config.providers.tts, report, metrics),
    createVoiceActivityDetector(config, report),
  ]);
  return {
    stt,
    llm,
    tts,
    vad,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(
        [stt, llm, tts, vad].map(async (provider) => provider?.[Symbol.asyncDispose]()),
      );
    },
  };
}

async function createVoiceActivityDetector(
  { providers }: TransportAgentConfig,
  report: Report,
): Promise<VoiceActivityDetector> {
  if (providers.vad === 'scripted') {
    const { loudAtTheEnd, ScriptedVoiceActivityDetector } = await import('@voicebus/testing');
    return new ScriptedVoiceActivityDetector({ probability: loudAtTheEnd });
  }
  const { SileroVoiceActivityDetector } = await import('@voicebus/speech/silero');
  const detector = new SileroVoiceActivityDetector();
  // Opening a stream waits for the model.
  await detector
    .open()
    .then((stream) => stream[Symbol.asyncDispose]())
    .catch((thrown: unknown) => report('the voice activity detector is slow to load', thrown));
  return detector;
}
