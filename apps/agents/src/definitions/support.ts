import { defineAgent, tool, type LLMWorker, type Tool } from '@voicebus/core';
import { demoShopTools } from '@voicebus/llm/demo-shop';
import type { z } from 'zod';

const tools: Record<string, Tool<LLMWorker>> = Object.fromEntries(
  demoShopTools.map(({ name, description, parameters, execute }) => [
    name,
    tool({
      description,
      parameters: parameters as z.ZodObject,
      execute: (given) => execute(given),
    }),
  ]),
);

/** Solves what callers have with their orders, returns, payments and accounts. */
export const support = defineAgent({
  name: 'support',
  label: 'Support',
  voice: 'deep',
  instructions: `You are the support agent of Acme, a shop for lamps and small furniture. People talk to you by voice.
Take up the reason you were given, and solve it with your tools. Answer in one or two short sentences.
Repeat order numbers back and have them confirmed before you act. Never state what no tool told you, and never ask for
a name. When you did not understand, say so and ask again; after the second time offer short things to tap.
When there is nothing left to do, offer to bring them back to the greeter, or say good-bye and end the call.`,
  tools,
  handoffs: [
    { agent: 'greeter', when: 'they want to go back, or need something that is not support' },
  ],
});
