import { TestConversation } from '@voicebus/llm/test-conversation';
import type { CallLine } from './call-flow.ts';

/** A call without media: what is understood goes to the dialogue model as text. */
export class TextLine implements CallLine {
  readonly #conversation = new TestConversation();
  readonly #hear: (text: string) => Promise<string>;

  constructor(hear: (text: string) => Promise<string>) {
    this.#hear = hear;
  }

  async open(): Promise<void> {
    await this.#conversation.developer('Welcome the user.');
  }

  /** A caller of whom nothing was understood gets no answer, and says it once more. */
  async say(text: string): Promise<{ understood: string; heard: string }> {
    const understood = (await this.#hear(text)) || (await this.#hear(text));
    if (understood === '') return { understood, heard: '' };
    return { understood, heard: await this.#conversation.user(understood) };
  }

  isAnswered(tool: string): boolean {
    const { calls, agent } = this.#conversation;
    return agent === 'support' && calls.some(({ name }) => name === tool);
  }
}
