import { openAIConfig, readEnvironment } from '@voicebus/config';
import { describeLanguageModel, type Ask } from '@voicebus/testing/language-model-conformance';
import { describe } from 'vitest';
import { OpenAILanguageModel } from './openai-language-model.ts';

const environment = readEnvironment();
const hasService = Boolean(environment['OPENAI_API_KEY'] ?? environment['OPENAI_BASE_URL']);

const ask = (content: string): Ask => ({
  sessionId: 'live',
  agent: 'greeter',
  instructions: 'You answer the telephone of a shop, in one or two short sentences.',
  messages: [{ id: 'u1', role: 'user', content }],
  tools: [],
});
const findOrder = {
  name: 'find_order',
  description: 'Finds an order by its number. Call it whenever a number is given.',
  parameters: { type: 'object', properties: { number: { type: 'string' } }, required: ['number'] },
};

// The same suite as against the stand-in: what differs is what the stand-in gets wrong.
describe.skipIf(!hasService)('the real service', { timeout: 60_000, retry: 1 }, () => {
  const apis = environment['OPENAI_BASE_URL']
    ? (['chat'] as const)
    : (['responses', 'chat'] as const);
  for (const api of apis)
    describeLanguageModel(
      {
        name: `openai by ${api}`,
        open: () => {
          const model = new OpenAILanguageModel({ ...openAIConfig(environment), api });
          return Promise.resolve({
            model,
            asksForText: ask('Say the numbers from one to ten as words.'),
            asksForCall: { ...ask('Where is my order 4 2 7?'), tools: [findOrder] },
            next: null,
            close: () => model[Symbol.asyncDispose](),
          });
        },
      },
      { canFail: false, isRepeatable: false },
    );
});
