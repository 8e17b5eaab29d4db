import type { AssistantMessage, ContextMessage, ToolCall, ToolMessage } from '@voicebus/protocol';
import { noEvidence } from '../understanding/evidence.ts';
import type { IntentClassifier } from '../understanding/intent-classifier.ts';
import { spokenDigits } from '../understanding/numbers.ts';
import { readDeveloperNote } from './developer-note.ts';
import type { DialogueState } from './dialogue-state.ts';
import { emptyState } from './dialogue-state.ts';
import { Listener } from './hear.ts';
import type { OfferedTools } from './offered-tools.ts';
import { readQuestion } from './question.ts';
import { parseRecord } from './parse-record.ts';

/** These answer a question and leave the caller's wish open. */
const leavesOpen = new Set(['troubleshooting_step', 'offer_suggestions']);

/** Reads the whole conversation. The same messages always give the same state. */
export function readDialogue(
  messages: readonly ContextMessage[],
  options: { readonly classifier: IntentClassifier; readonly tools: OfferedTools },
): DialogueState {
  const state = emptyState();
  const listener = new Listener(options.classifier, options.tools);
  const calls = new Map<string, ToolCall>();
  for (const message of messages) {
    switch (message.role) {
      case 'user':
        state.note = undefined;
        listener.hear(message.content, state);
        break;
      case 'assistant':
        state.note = undefined;
        for (const call of message.toolCalls ?? []) calls.set(call.id, call);
        readAssistant(message, state);
        break;
      case 'tool':
        readTool(message, calls.get(message.toolCallId), state);
        break;
      case 'developer':
        readNote(message.content, options.classifier, state);
        break;
      case 'system':
        break;
    }
  }
  return state;
}

function readAssistant(message: AssistantMessage, state: DialogueState): void {
  if (message.content === '') return;
  state.question = readQuestion(message.content);
  if (state.question?.type === 'confirm-order') {
    state.orderNumber = state.question.orderNumber;
    state.isOrderConfirmed = false;
  }
}

function readTool(message: ToolMessage, call: ToolCall | undefined, state: DialogueState): void {
  if (/^(?:transfer|hand|end_)/.test(message.name)) {
    // Nobody there takes the wish: it is not tried again by itself.
    if (message.status === 'error' || state.intent?.isSupport === false) state.intent = null;
    return;
  }
  if (message.status !== 'completed') return;
  const result = parseRecord(message.content);
  const given = parseRecord(call?.arguments ?? '{}');
  if (message.name === 'troubleshooting_step') {
    state.steps = typeof given['step'] === 'number' ? given['step'] : state.steps + 1;
    state.isLastStep = result['isLast'] === true;
  }
  if (leavesOpen.has(message.name)) return;
  state.isApproved = false;
  if (result['found'] === false) {
    state.orderNumber = null;
    state.isOrderConfirmed = false;
  } else {
    state.intent = null;
    state.evidence = noEvidence;
  }
}

function readNote(text: string, classifier: IntentClassifier, state: DialogueState): void {
  state.note = readDeveloperNote(text, classifier);
  if (state.note.type !== 'reason') return;
  const { intent } = state.note;
  if (intent?.isSupport === true && intent !== state.intent) {
    state.intent = intent;
    state.lastIntent = intent;
    state.isApproved = false;
  }
  const digits = spokenDigits(text);
  if (digits.length === 4 && digits !== state.orderNumber) {
    state.orderNumber = digits;
    state.isOrderConfirmed = false;
  }
}
