import type { ProviderChoice } from '@voicebus/config';
import type { LanguageModel } from '@voicebus/core';

/** The model that the settings name; nothing of the others is loaded. */
export async function openLanguageModel([first]: ProviderChoice['llm']): Promise<LanguageModel> {
  if (first === 'scripted') {
    const { ScriptedLanguageModel, scriptedReply } = await import('@voicebus/testing');
    return new ScriptedLanguageModel({ replies: scriptedReply, remembered: 0 });
  }
  const { OfflineDialogueModel } = await import('@voicebus/llm/offline');
  return new OfflineDialogueModel();
}
