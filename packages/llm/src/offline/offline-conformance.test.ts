import { tool, type ToolDescription } from '@voicebus/core';
import { describeLanguageModel, type Ask } from '@voicebus/testing/language-model-conformance';
import { z } from 'zod';
import { OfflineDialogueModel } from './offline-dialogue-model.ts';

const transfer = tool({
  description: 'Hands the caller over.',
  parameters: z.object({ agent: z.enum(['greeter', 'support']), reason: z.string() }),
  execute: () => null,
});
const tools: ToolDescription[] = [
  {
    name: 'transfer_to_agent',
    description: transfer.description,
    parameters: z.toJSONSchema(transfer.parameters),
  },
];
const ask = (content: string): Ask => ({
  sessionId: 's1',
  agent: 'greeter',
  instructions: 'You work for Acme Goods.',
  messages: [{ id: 'u1', role: 'user', content }],
  tools,
});

describeLanguageModel(
  {
    name: 'the offline dialogue model',
    open: () => {
      const model = new OfflineDialogueModel();
      return Promise.resolve({
        model,
        asksForText: ask('Hello.'),
        asksForCall: ask('I need support.'),
        next: null,
        close: () => model[Symbol.asyncDispose](),
      });
    },
  },
  { canFail: false },
);
