/**
 * One row of a transcript. Every row has a stable id, so that a view can change it in place: a user's
 * interim text becomes final under the same id and never as a second row.
 */
export type TranscriptLine = UserLine | BotLine | ToolLine | HandoffLine | ProblemLine;

export interface UserLine {
  readonly kind: 'user';
  readonly id: string;
  readonly turnId: string;
  readonly text: string;
  /** False while the recogniser may still change the words. */
  readonly final: boolean;
  readonly by: 'voice' | 'text';
  readonly atMs: number;
}

export interface BotLine {
  readonly kind: 'bot';
  readonly id: string;
  readonly turnId: string;
  readonly agent: string;
  /** After an interruption this ends where the user stopped hearing it. */
  readonly text: string;
  /** How many characters of `text` have left for the caller's ear. */
  readonly heardCharacters: number;
  /** True once the model has written all of it. */
  readonly done: boolean;
  readonly interrupted: boolean;
  readonly atMs: number;
}

export interface ToolLine {
  readonly kind: 'tool';
  readonly id: string;
  readonly turnId: string;
  readonly agent: string;
  readonly name: string;
  readonly status: 'running' | 'completed' | 'cancelled' | 'error';
  readonly startedAtMs: number;
  /** Wall time of the start, milliseconds since the epoch: lets a page count up while it runs. */
  readonly startedAtWallMs: number;
  readonly durationMs: number | null;
}

export interface HandoffLine {
  readonly kind: 'handoff';
  readonly id: string;
  readonly from: string | null;
  readonly to: string;
  readonly status: 'requested' | 'accepted' | 'active' | 'failed';
  readonly message: string | null;
  readonly atMs: number;
}

export interface ProblemLine {
  readonly kind: 'problem';
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly component: string;
  readonly atMs: number;
}

/** The part of a bot line that was heard and the part that is still to come (or was never heard). */
export function splitByHeard(line: BotLine): { spoken: string; unspoken: string } {
  const heard = Math.max(0, Math.min(line.text.length, line.heardCharacters));
  return { spoken: line.text.slice(0, heard), unspoken: line.text.slice(heard) };
}
