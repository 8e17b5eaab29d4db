import { z } from 'zod';
import type { LanguageModel } from '../model/language-model.ts';
import { tool, type Tool } from '../model/tool.ts';
import { LLMWorker } from '../workers/llm-worker.ts';

/** Where an agent can hand the caller to, and when it should. */
export interface HandoffDefinition {
  readonly agent: string;
  /** Told to the model: "questions about orders, returns, accounts". */
  readonly when: string;
}

export interface AgentDefinition {
  /** Its name on the bus: "greeter". */
  readonly name: string;
  /** How callers see it: "Greeter". Default: its name. */
  readonly label?: string;
  readonly instructions: string;
  /** Name of its voice; the speech provider maps it. */
  readonly voice: string;
  readonly tools?: Readonly<Record<string, Tool<LLMWorker>>>;
  readonly handoffs?: readonly HandoffDefinition[];
  /** Whether it may end the call. Default: true. */
  readonly canEndCall?: boolean;
}

/** A role that talks: `runner.serve(agent, { llm })` opens a worker of it per session. */
export interface Agent extends AgentDefinition {
  readonly createWorker: (options: {
    readonly sessionId: string;
    readonly llm: LanguageModel;
  }) => LLMWorker;
}

export function defineAgent(definition: AgentDefinition): Agent {
  const tools = { ...builtInTools(definition), ...definition.tools };
  return {
    ...definition,
    createWorker: ({ sessionId, llm }) =>
      new LLMWorker(definition.name, {
        sessionId,
        llm,
        tools,
        instructions: definition.instructions,
        voice: definition.voice,
        ...(definition.label === undefined ? {} : { label: definition.label }),
      }),
  };
}

function builtInTools({
  handoffs = [],
  canEndCall = true,
}: AgentDefinition): Record<string, Tool<LLMWorker>> {
  return {
    ...(handoffs.length > 0 ? { transfer_to_agent: transferTool(handoffs) } : {}),
    ...(canEndCall ? { end_call: endCallTool } : {}),
    offer_suggestions: suggestionsTool,
  };
}

function transferTool(handoffs: readonly HandoffDefinition[]): Tool<LLMWorker> {
  const when = handoffs.map((handoff) => `${handoff.agent}: ${handoff.when}`).join('; ');
  return tool({
    description: `Hands the caller over to another agent. ${when}.`,
    parameters: z.object({
      agent: z.enum(handoffs.map(({ agent }) => agent)).describe('The agent to hand over to.'),
      reason: z.string().describe('What the caller needs, in one sentence, for the other agent.'),
    }),
    // The caller may well say "thanks" while the other agent is being prepared.
    cancelOnInterruption: false,
    execute: ({ agent, reason }, { worker, resultCallback }: { worker: LLMWorker } & Context) =>
      worker.activateWorker(agent, {
        args: { messages: [{ role: 'developer', content: reason }] },
        deactivateSelf: true,
        reason,
        resultCallback,
      }),
  });
}

type Context = Parameters<Tool<LLMWorker>['execute']>[1];

const endCallTool: Tool<LLMWorker> = tool({
  description: 'Ends the call, once the caller has said good-bye and so have you.',
  parameters: z.object({ reason: z.string().optional().describe('Why the call ends.') }),
  execute: ({ reason }, context: Context) => context.worker.endSession(context, reason),
});

const suggestionsTool: Tool<LLMWorker> = tool({
  description: 'Shows the caller up to six short things to tap instead of saying them.',
  parameters: z.object({ suggestions: z.array(z.string().max(80)).min(1).max(6) }),
  execute: ({ suggestions }, { worker }: Context) => {
    worker.sendToClient('suggestions', { suggestions });
    return { shown: suggestions.length };
  },
});
