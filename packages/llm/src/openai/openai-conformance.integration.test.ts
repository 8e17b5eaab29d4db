import {
  describeLanguageModel,
  type Ask,
  type NextAnswer,
} from '@voicebus/testing/language-model-conformance';
import { OpenAIStandIn, type StandInAnswer } from '@voicebus/testing/stand-ins/openai';
import { FallbackLanguageModel } from '../failover/fallback-language-model.ts';
import { modelAt } from './test-model.ts';

const ask: Ask = {
  sessionId: 's1',
  agent: 'greeter',
  instructions: 'Be brief.',
  messages: [{ id: 'u1', role: 'user', content: 'Hello.' }],
  tools: [],
};
const look = { name: 'look', description: 'Looks.', parameters: { type: 'object' } };
const faults: Readonly<Record<NextAnswer, StandInAnswer>> = {
  // The service repeats what it was sent: proxies do.
  'fails-before': { fault: { type: 'status', status: 400, message: 'Bad: my very secret order' } },
  'fails-in-the-middle': { text: 'one two three', fault: { type: 'cut', after: 2 } },
  'stalls-in-the-middle': { text: 'one two three', fault: { type: 'silence', after: 2 } },
};

for (const api of ['responses', 'chat'] as const)
  for (const isInChain of [false, true])
    describeLanguageModel(
      {
        name: `openai by ${api}${isInChain ? ', in a chain' : ''}`,
        open: async () => {
          let next: NextAnswer | null = null;
          const standIn = await OpenAIStandIn.start({
            answers: ({ body }) => {
              const fault = next;
              next = null;
              if (fault) return faults[fault];
              const mayCall = (body.tools ?? []).length > 0 && body.tool_choice !== 'none';
              const given = { at: 'the window', when: 'now' };
              return mayCall
                ? {
                    toolCalls: [
                      { name: 'look', arguments: given },
                      { name: 'look', arguments: {} },
                    ],
                  }
                : 'one two three four';
            },
          });
          const openai = modelAt(standIn, { api });
          const model = isInChain
            ? new FallbackLanguageModel({ providers: [openai], retry: { maxAttempts: 1 } })
            : openai;
          return {
            model,
            asksForText: ask,
            asksForCall: { ...ask, tools: [look] },
            next: (answer: NextAnswer) => {
              next = answer;
            },
            close: async () => {
              await model[Symbol.asyncDispose]();
              await standIn[Symbol.asyncDispose]();
            },
          };
        },
      },
      { canFail: true },
    );
