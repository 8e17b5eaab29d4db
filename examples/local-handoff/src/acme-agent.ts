import { LLMWorker, tool, type LanguageModel, type Tool } from '@voicebus/core';
import { z } from 'zod';

export interface AcmeAgentOptions {
  readonly llm: LanguageModel;
  readonly instructions: string;
  /** Siblings that it hands over to. */
  readonly watch: readonly string[];
}

/** An agent that can transfer the caller to its siblings. */
export class AcmeAgent extends LLMWorker {
  readonly #watch: readonly string[];

  constructor(name: string, { llm, instructions, watch }: AcmeAgentOptions) {
    super(name, { llm, instructions, bridged: [] });
    this.#watch = watch;
  }

  /** Watch the siblings, so that a handoff knows when they are there. */
  protected override async onStart(): Promise<void> {
    await super.onStart();
    this.watchWorkers(...this.#watch);
  }

  override buildTools(): Readonly<Record<string, Tool<LLMWorker>>> {
    return {
      transfer_to_agent: tool({
        description: 'Transfers the caller to another agent.',
        parameters: z.object({
          agent: z.enum(this.#watch).describe('The agent to hand over to.'),
          reason: z.string().describe('Why, in one sentence.'),
        }),
        cancelOnInterruption: false,
        execute: ({ agent, reason }, { resultCallback }) =>
          this.activateWorker(agent, {
            args: { messages: [{ role: 'developer', content: reason }] },
            deactivateSelf: true,
            resultCallback,
          }),
      }),
    };
  }
}
