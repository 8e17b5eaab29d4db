import { openAIConfig, type ProviderChoice } from '@voicebus/config';
import type { LanguageModel } from '@voicebus/core';
import { circuitReport } from './circuit-report.ts';
import { measuredLanguageModel } from './providers/measured-language-model.ts';
import { noMeter, type ProviderMeter } from './providers/provider-meter.ts';
import type { Report } from './report.ts';

type Names = ProviderChoice['llm'];

/**
 * The models that the settings name, as one; nothing of the others is loaded. What the first turn would
 * wait for is begun here, and not waited for.
 */
export async function openLanguageModel(
  names: Names,
  report: Report,
  meter: ProviderMeter = noMeter,
): Promise<LanguageModel> {
  const [first, ...others] = await Promise.all(
    names.map(async (name) => measuredLanguageModel(await open(name, meter), meter)),
  );
  if (!first) throw new Error('No language model is named.');
  if (others.length === 0 && names[0] !== 'openai') return first;
  const { FallbackLanguageModel } = await import('@voicebus/llm/failover');
  const model = new FallbackLanguageModel({
    providers: [first, ...others],
    onChange: circuitReport('llm', report, meter),
  });
  void model.warmUp();
  return model;
}

async function open(name: Names[number], meter: ProviderMeter): Promise<LanguageModel> {
  switch (name) {
    case 'openai': {
      const { OpenAILanguageModel } = await import('@voicebus/llm/openai');
      return new OpenAILanguageModel({
        ...openAIConfig(),
        onConnected: (ms) =>
          meter.took({ part: 'llm', provider: name }, 'connect', { ms, sessionId: null }),
      });
    }
    case 'scripted': {
      const { ScriptedLanguageModel, scriptedReply } = await import('@voicebus/testing');
      return new ScriptedLanguageModel({ replies: scriptedReply, remembered: 0 });
    }
    case 'offline': {
      const { OfflineDialogueModel } = await import('@voicebus/llm/offline');
      return new OfflineDialogueModel();
    }
  }
}
