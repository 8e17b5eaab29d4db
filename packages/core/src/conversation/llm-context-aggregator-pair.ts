import type { LLMContext } from '../context/llm-context.ts';
import type { TurnOptions } from '../turns/turn-options.ts';
import { AssistantAggregator } from './assistant-aggregator.ts';
import { UserAggregator } from './user-aggregator.ts';

/** The two processors that keep a context true: one before the model, one after the caller's ear. */
export class LLMContextAggregatorPair {
  readonly #user: UserAggregator;
  readonly #assistant: AssistantAggregator;

  constructor(context: LLMContext, options: { readonly turns?: Partial<TurnOptions> } = {}) {
    this.#assistant = new AssistantAggregator(context);
    this.#user = new UserAggregator(context, options.turns, {
      isBotAnswering: () => this.#assistant.isAnswering,
    });
  }

  user(): UserAggregator {
    return this.#user;
  }

  assistant(): AssistantAggregator {
    return this.#assistant;
  }
}
