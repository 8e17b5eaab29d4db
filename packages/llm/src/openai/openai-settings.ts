import type { ReasoningEffort } from './model-family.ts';

export interface OpenAISettings {
  /** Null: for servers of one's own, which mostly ask for none. */
  readonly apiKey: string | null;
  /** Null: OpenAI's own. Ends with the version: `http://127.0.0.1:11434/v1`. */
  readonly baseUrl: string | null;
  readonly model: string;
  /** Compatible servers know `chat`; `responses` is OpenAI's own way. */
  readonly api: 'responses' | 'chat';
  /** Null: the shortest that the model takes, where its family is known. */
  readonly reasoningEffort: ReasoningEffort | null;
  /** OpenAI's own: `priority` answers sooner and costs more. */
  readonly serviceTier: 'auto' | 'default' | 'priority' | null;
}

export interface OpenAIDeadlines {
  /** Until the service has taken the request: a new connection takes 0.3 s, a busy service longer. */
  readonly acceptedMs: number;
  /** Until the first word or call, from the request on: a caller who waits longer says "hello?". */
  readonly firstPartMs: number;
  /** Between two pieces; words come every 20 ms or so. */
  readonly betweenMs: number;
  /** For warming up, while nobody waits: a server of one's own loads its model from the disk. */
  readonly warmUpMs: number;
}

/** Below the six seconds after which the core gives an answer up, so that the next provider has its turn. */
export const defaultDeadlines: OpenAIDeadlines = {
  acceptedMs: 3_000,
  firstPartMs: 4_000,
  betweenMs: 4_000,
  warmUpMs: 60_000,
};
