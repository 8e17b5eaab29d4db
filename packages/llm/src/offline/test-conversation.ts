import type { ToolDescription } from '@voicebus/core';
import type { ContextMessage, ToolCall } from '@voicebus/protocol';
import { z } from 'zod';
import { demoShopTools } from './demo-shop/demo-shop-tools.ts';
import { OfflineDialogueModel } from './offline-dialogue-model.ts';

const talkTools = {
  transfer_to_agent: z.object({ agent: z.enum(['greeter', 'support']), reason: z.string() }),
  end_call: z.object({ reason: z.string().optional() }),
  offer_suggestions: z.object({ suggestions: z.array(z.string()) }),
};

function describe(name: string, parameters: z.ZodType): ToolDescription {
  return { name, description: name, parameters: z.toJSONSchema(parameters) };
}

const talkDescriptions = Object.entries(talkTools).map(([name, schema]) => describe(name, schema));
const shopDescriptions = demoShopTools.map(({ name, parameters }) => describe(name, parameters));

/**
 * A conversation with the model as the agents have it: tools run, the floor moves, the context is
 * shared. Each turn is answered by a new model, since nothing may live outside the context.
 */
export class TestConversation {
  messages: ContextMessage[] = [];
  agent: string;
  readonly calls: ToolCall[] = [];
  failTransfers = false;

  constructor(agent = 'greeter') {
    this.agent = agent;
  }

  async user(content: string): Promise<string> {
    this.messages.push({ id: this.#id(), role: 'user', content });
    return this.run();
  }

  async developer(content: string): Promise<string> {
    this.messages.push({ id: this.#id(), role: 'developer', content });
    return this.run();
  }

  /** Cuts what was said last down to what was heard. */
  interrupt(heard: string): void {
    const at = this.messages.findLastIndex(
      ({ role, content }) => role === 'assistant' && content !== '',
    );
    const message = this.messages[at];
    if (message?.role !== 'assistant') throw new Error('nobody has spoken');
    this.messages[at] = { ...message, content: heard, interrupted: true };
    this.messages.length = at + 1;
  }

  /** Runs the agent until it has nothing more to say; gives all that was said. */
  async run(): Promise<string> {
    const spoken: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      const { text, calls } = await this.#generate();
      const toolCalls = calls.length > 0 ? { toolCalls: calls } : {};
      if (text !== '' || calls.length > 0) {
        const { agent } = this;
        this.messages.push({
          id: this.#id(),
          role: 'assistant',
          content: text,
          agent,
          ...toolCalls,
        });
      }
      if (text !== '') spoken.push(text);
      if (calls.length === 0) return spoken.join(' ');
      for (const call of calls) this.#execute(call);
      if (calls.some(({ name }) => name === 'end_call')) return spoken.join(' ');
    }
    throw new Error(`the model does not come to an end: ${spoken.join(' ')}`);
  }

  async #generate(): Promise<{ text: string; calls: ToolCall[] }> {
    const model = new OfflineDialogueModel();
    let text = '';
    const calls: ToolCall[] = [];
    const parts = model.generate({
      sessionId: 's1',
      agent: this.agent,
      instructions: 'You work for Acme Goods.',
      messages: this.messages,
      tools:
        this.agent === 'greeter' ? talkDescriptions : [...shopDescriptions, ...talkDescriptions],
      signal: new AbortController().signal,
    });
    for await (const part of parts) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'tool-call') calls.push(part.call);
    }
    return { text, calls };
  }

  #execute(call: ToolCall): void {
    this.calls.push(call);
    const given: unknown = JSON.parse(call.arguments);
    const shop = demoShopTools.find(({ name }) => name === call.name);
    const isTransfer = call.name === 'transfer_to_agent';
    const isFailed = isTransfer && this.failTransfers;
    const result = shop === undefined ? { done: true } : shop.execute(given);
    this.messages.push({
      id: this.#id(),
      role: 'tool',
      toolCallId: call.id,
      name: call.name,
      content: JSON.stringify(result),
      status: isFailed ? 'error' : 'completed',
    });
    if (isTransfer && !isFailed) {
      const { agent, reason } = talkTools.transfer_to_agent.parse(given);
      this.agent = agent;
      this.messages.push({ id: this.#id(), role: 'developer', content: reason });
    }
  }

  #id(): string {
    return `m${this.messages.length + 1}`;
  }
}
