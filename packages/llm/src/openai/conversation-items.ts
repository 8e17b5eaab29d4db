import type { ContextMessage, ToolCall, ToolMessage } from '@voicebus/protocol';

/** What a conversation is made of for a service that insists on an answer to every call, right after it. */
export type ConversationItem =
  | { readonly type: 'text'; readonly role: 'system' | 'user'; readonly text: string }
  | { readonly type: 'said'; readonly text: string }
  /** Calls that belong together, each with its result as text. */
  | { readonly type: 'calls'; readonly calls: readonly AnsweredCall[] };

export interface AnsweredCall {
  readonly call: ToolCall;
  readonly result: string;
}

/** Follows an answer that the caller cut short: what stands before it is all that they heard. */
export const interruptedNote = 'The caller interrupted here and heard no more of this.';

/**
 * The context in the order in which a service takes it: each call directly followed by its result, calls
 * that were made together in one group, results without a call left out.
 */
export function conversationItems(messages: readonly ContextMessage[]): ConversationItem[] {
  const results = new Map<string, ToolMessage>();
  for (const message of messages)
    if (message.role === 'tool') results.set(message.toolCallId, message);
  const items: ConversationItem[] = [];
  for (const message of messages) {
    if (message.role === 'tool') continue;
    if (message.role !== 'assistant') {
      const role = message.role === 'user' ? 'user' : 'system';
      items.push({ type: 'text', role, text: message.content });
      continue;
    }
    if (message.content !== '') items.push({ type: 'said', text: message.content });
    if (message.interrupted) items.push({ type: 'text', role: 'system', text: interruptedNote });
    if (message.toolCalls?.length) addCalls(items, message.toolCalls, results);
  }
  return items;
}

function addCalls(
  items: ConversationItem[],
  toolCalls: readonly ToolCall[],
  results: ReadonlyMap<string, ToolMessage>,
): void {
  const calls = toolCalls.map((call) => ({ call, result: resultText(results.get(call.id)) }));
  const last = items.at(-1);
  if (last?.type !== 'calls') items.push({ type: 'calls', calls });
  else items[items.length - 1] = { type: 'calls', calls: [...last.calls, ...calls] };
}

function resultText(message: ToolMessage | undefined): string {
  switch (message?.status) {
    case 'completed':
    case 'cancelled':
    case 'error':
      return message.content;
    case 'in-progress':
      return '{"status":"still running; its result will be told"}';
    case 'unknown':
    case undefined:
      return '{"status":"unknown: it may or may not have been done; do not do it again unasked"}';
  }
}
