import type { TransportAgentConfig } from '@voicebus/config';
import type {
  LanguageModel,
  SpeechToText,
  TextToSpeech,
  VoiceActivityDetector,
} from '@voicebus/core';

export interface Providers extends AsyncDisposable {
  readonly stt: SpeechToText;
  readonly llm: LanguageModel;
  readonly tts: TextToSpeech;
  readonly vad: VoiceActivityDetector;
}

/** Loads only what was chosen: nothing of the other providers is read or started. */
export async function createProviders(config: TransportAgentConfig): Promise<Providers> {
  const [stt, llm, tts, vad] = await Promise.all([
    createSpeechToText(config),
    createLanguageModel(config),
    createTextToSpeech(config),
    createVoiceActivityDetector(),
  ]);
  return {
    stt,
    llm,
    tts,
    vad,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(
        [stt, llm, tts, vad].map((provider) => provider[Symbol.asyncDispose]()),
      );
    },
  };
}

async function createSpeechToText({
  providers,
  recogniser,
  cacheFolder,
}: TransportAgentConfig): Promise<SpeechToText> {
  switch (providers.stt) {
    case 'offline': {
      if (!recogniser) return (await import('./no-recogniser.ts')).noRecogniser;
      const { OfflineRecogniser } = await import('@voicebus/speech/offline-recogniser');
      const { dialogueSentences } = await import('@voicebus/llm');
      return new OfflineRecogniser({
        program: recogniser,
        sentences: dialogueSentences(),
        ...(cacheFolder === null ? {} : { cacheFolder }),
      });
    }
    case 'scripted': {
      const { ScriptedSpeechToText } = await import('@voicebus/testing');
      const { scriptedFinals } = await import('./scripted-call.ts');
      return new ScriptedSpeechToText({ finals: scriptedFinals });
    }
  }
}

async function createLanguageModel({ providers }: TransportAgentConfig): Promise<LanguageModel> {
  switch (providers.llm) {
    case 'offline': {
      const { OfflineDialogueModel } = await import('@voicebus/llm/offline');
      return new OfflineDialogueModel();
    }
    case 'scripted': {
      const { ScriptedLanguageModel } = await import('@voicebus/testing');
      const { scriptedReply } = await import('./scripted-call.ts');
      return new ScriptedLanguageModel({ replies: scriptedReply });
    }
  }
}

async function createTextToSpeech({ providers }: TransportAgentConfig): Promise<TextToSpeech> {
  switch (providers.tts) {
    case 'offline': {
      const { OfflineVoices } = await import('@voicebus/speech/offline-voices');
      return new OfflineVoices();
    }
    case 'scripted': {
      const { ScriptedTextToSpeech } = await import('@voicebus/testing');
      return new ScriptedTextToSpeech();
    }
  }
}

async function createVoiceActivityDetector(): Promise<VoiceActivityDetector> {
  const { SileroVoiceActivityDetector } = await import('@voicebus/speech/silero');
  return new SileroVoiceActivityDetector();
}
