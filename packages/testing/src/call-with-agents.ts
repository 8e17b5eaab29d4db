import {
  defineAgent,
  LocalBus,
  WorkerRunner,
  type Agent,
  type AgentDefinition,
  type Bus,
} from '@voicebus/core';
import { Conversation, type ConversationOptions } from './conversation.ts';
import { FakeClock } from './fake-clock.ts';
import { ScriptedLanguageModel, type ReplyRule } from './scripted-language-model.ts';

export interface TestAgent extends Partial<Omit<AgentDefinition, 'name'>> {
  readonly replies: ReplyRule;
}

export interface CallWithAgentsOptions extends Omit<ConversationOptions, 'clock' | 'bus'> {
  readonly bus?: Bus;
  readonly clock?: FakeClock;
  /** By name; each is served by one runner beside the call's own. */
  readonly agents: Readonly<Record<string, TestAgent>>;
}

/** A call, the agents that serve it in another runner, and what their models were asked. */
export interface CallWithAgents extends AsyncDisposable {
  readonly call: Conversation;
  readonly agents: WorkerRunner;
  readonly models: Readonly<Record<string, ScriptedLanguageModel>>;
  readonly bus: Bus;
  readonly clock: FakeClock;
}

/** Starts a call and its agents on one bus and one fake clock. */
export async function startCallWithAgents(options: CallWithAgentsOptions): Promise<CallWithAgents> {
  const clock = options.clock ?? new FakeClock();
  const bus = options.bus ?? new LocalBus({ mode: 'frozen' });
  const call = new Conversation({ ...options, bus, clock });
  const agents = new WorkerRunner({ bus, clock, name: `agents-of-${call.sessionId}` });
  const models: Record<string, ScriptedLanguageModel> = {};
  for (const [name, { replies, ...definition }] of Object.entries(options.agents)) {
    const llm = new ScriptedLanguageModel({ clock, replies });
    models[name] = llm;
    agents.serve(defineTestAgent(name, definition), { llm });
  }
  await agents.start();
  await call.start();
  return {
    call,
    agents,
    models,
    bus,
    clock,
    async [Symbol.asyncDispose]() {
      await call.close();
      await clock.until(agents.cancel());
    },
  };
}

export function defineTestAgent(name: string, definition: Partial<AgentDefinition> = {}): Agent {
  return defineAgent({ name, voice: 'bright', instructions: `You are ${name}.`, ...definition });
}

/** What the newest user or developer message says. */
export function lastWords({ messages }: Parameters<ReplyRule>[0]): string {
  return messages.findLast(({ role }) => role === 'user' || role === 'developer')?.content ?? '';
}

/** A reply that hands over, after saying something. */
export function transfer(agent: string, reason: string, text = ''): ReturnType<ReplyRule> {
  return { text, toolCalls: [{ name: 'transfer_to_agent', arguments: { agent, reason } }] };
}
