import type { ContextMessage, ToolCall } from '@voicebus/protocol';
import type { ToolDescription } from '../frames/frame.ts';

export interface GenerateOptions {
  readonly sessionId: string;
  /** Name of the agent that asks. */
  readonly agent: string;
  /** What the agent is told to be: the system instruction. */
  readonly instructions: string;
  readonly messages: readonly ContextMessage[];
  readonly tools: readonly ToolDescription[];
  readonly toolChoice?: 'auto' | 'none' | 'required' | { readonly name: string };
  /** Aborted on interruption: nothing may be yielded after it. */
  readonly signal: AbortSignal;
}

export type GenerationPart =
  | { readonly type: 'text-delta'; readonly text: string }
  /** Whole, once its arguments are complete. */
  | { readonly type: 'tool-call'; readonly call: ToolCall }
  | {
      readonly type: 'finish';
      readonly reason: 'stop' | 'tool-calls' | 'length';
      readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
      /** Of several as one: who wrote it in the end. */
      readonly by?: { readonly provider: string; readonly model?: string };
    };

/** Port for language models. */
export interface LanguageModel extends AsyncDisposable {
  readonly name: string;
  /** What it is called at its provider, where it has a name there: "gpt-5.4-mini". */
  readonly model?: string;
  /**
   * True: given messages that end with an answer that broke off, and a note that says so, it goes on from
   * there. Default: it begins anew.
   */
  readonly canContinue?: boolean;
  /** Makes ready what the first turn would wait for. Throws what that turn would meet. */
  warmUp?(): Promise<void>;
  /** Parts in order, `finish` last. Throws a `VoicebusError` on failure. */
  generate(options: GenerateOptions): AsyncIterable<GenerationPart>;
}
