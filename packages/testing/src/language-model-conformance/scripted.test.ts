import { providerError } from '@voicebus/core';
import { ScriptedLanguageModel, type ScriptedReply } from '../scripted-language-model.ts';
import { describeLanguageModel } from './describe-language-model.ts';
import type { Ask, NextAnswer } from './language-model-under-test.ts';

const ask: Ask = { sessionId: 's1', agent: 'agent', instructions: '', messages: [], tools: [] };
const look = { name: 'look', description: 'Looks.', parameters: { type: 'object' } };
const broken = providerError({ provider: 'scripted', fault: 'network', message: 'It broke.' });
const faults: Readonly<Record<NextAnswer, ScriptedReply>> = {
  'fails-before': { then: broken },
  'fails-in-the-middle': { text: 'one two', then: broken },
  'stalls-in-the-middle': { text: 'one two', then: 'stall' },
};

describeLanguageModel(
  {
    name: 'the scripted model',
    open: () => {
      let next: NextAnswer | null = null;
      const model = new ScriptedLanguageModel({
        replies: ({ tools, toolChoice }) => {
          const fault = next;
          next = null;
          if (fault) return faults[fault];
          const mayCall = tools.length > 0 && toolChoice !== 'none';
          return mayCall
            ? { toolCalls: [{ name: 'look' }, { name: 'look', arguments: { at: 1 } }] }
            : 'one two three four';
        },
      });
      return Promise.resolve({
        model,
        asksForText: ask,
        asksForCall: { ...ask, tools: [look] },
        next: (answer) => {
          next = answer;
        },
        close: () => model[Symbol.asyncDispose](),
      });
    },
  },
  { canFail: true },
);
