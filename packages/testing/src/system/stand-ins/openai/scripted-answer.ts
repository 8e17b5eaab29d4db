/** What goes wrong, and when. */
export type StandInFault =
  /** Refused before anything of an answer: 401, 404, 429, 500 … */
  | {
      readonly type: 'status';
      readonly status: number;
      readonly code?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly type:
        /** Nothing more is sent; the connection stays open. */
        | 'silence'
        /** The connection is reset. */
        | 'cut'
        /** The answer ends in good order, as if it were complete. */
        | 'early-end'
        /** Something that is no JSON. */
        | 'garbage'
        /** Half of a JSON, then the end. */
        | 'half-json'
        /** The service says in the stream that it failed. */
        | 'error-event'
        /** The service ends the answer as failed; chat completions have no word for that but an error. */
        | 'failed';
      /**
       * `request`: no answer at all (silence and cut only). `headers`: taken, and nothing written yet. A
       * number: after so many pieces. `end`: all is written, and it was not said that it is complete.
       */
      readonly after: 'request' | 'headers' | number | 'end';
    };

/** One answer of the stand-in, told without regard to the API that is asked. */
export interface StandInAnswer {
  /** Streamed word by word. */
  readonly text?: string;
  /** Streamed after the text, all at once, their arguments in pieces of eight characters. */
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: unknown }[];
  /** Instead of a text. */
  readonly refusal?: string;
  /** Default: `stop`, or `tool_calls` where there are some. */
  readonly ends?: 'length' | 'content-filter';
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number };
  /** Before the answer's headers. */
  readonly delayMs?: number;
  /** Between pieces. */
  readonly msPerPiece?: number;
  /** From what says that the answer is complete to the end of the stream. */
  readonly endDelayMs?: number;
  readonly fault?: StandInFault;
}

export const usualUsage = { inputTokens: 12, outputTokens: 5 };

/** A text as a model writes it: each piece begins with the space before its word. */
export function textPieces(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

export function argumentPieces(given: unknown): string[] {
  return JSON.stringify(given).match(/[^]{1,8}/g) ?? [];
}
