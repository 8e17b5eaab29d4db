import type { GenerateOptions, GenerationPart, LanguageModel } from '@voicebus/core';
import { allIntents } from './intents/all-intents.ts';
import { IntentClassifier } from './understanding/intent-classifier.ts';
import { composeReply } from './dialogue/compose-reply.ts';
import { OfferedTools } from './dialogue/offered-tools.ts';
import { readDialogue } from './dialogue/read-dialogue.ts';

/** How the pages call it, so that nobody takes it for more than it is. */
export const offlineModelLabel = 'offline demo model (not a language model)';

let classifier: IntentClassifier | undefined;

/** Learning takes 0.2 s, once per process; what is learned never changes. */
function theClassifier(): IntentClassifier {
  classifier ??= new IntentClassifier(allIntents);
  return classifier;
}

/**
 * A small dialogue program behind the language model's port. Everything that it says follows from
 * the messages, the tools and the agent's name: any process continues a conversation as well as any
 * other, and the same context gives the same reply.
 */
export class OfflineDialogueModel implements LanguageModel {
  readonly name = 'offline';
  readonly label = offlineModelLabel;
  readonly #classifier = theClassifier();

  async *generate(options: GenerateOptions): AsyncIterable<GenerationPart> {
    const { messages, signal } = options;
    const tools = new OfferedTools(options);
    const state = readDialogue(messages, { classifier: this.#classifier, tools });
    const reply = composeReply({ options, messages, tools, state });
    for (const text of reply.text.match(/\s*\S+/g) ?? []) {
      if (signal.aborted) return;
      yield { type: 'text-delta', text };
    }
    for (const [index, call] of reply.calls.entries()) {
      if (signal.aborted) return;
      // Unique in its context, and the same again for the same context.
      const id = `offline-${messages.at(-1)?.id ?? 'first'}-${messages.length}-${index + 1}`;
      const { name } = call;
      yield { type: 'tool-call', call: { id, name, arguments: JSON.stringify(call.arguments) } };
    }
    if (signal.aborted) return;
    yield { type: 'finish', reason: reply.calls.length > 0 ? 'tool-calls' : 'stop' };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
