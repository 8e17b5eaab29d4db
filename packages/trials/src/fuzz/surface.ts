import type { SeededRandom } from '@voicebus/testing';

/** A place where input comes from somebody we do not trust. */
export interface Surface {
  readonly name: string;
  /** Inputs under way at once. */
  readonly concurrency: number;
  /** Starts what is attacked, and a healthy caller beside it. */
  readonly open: () => Promise<OpenSurface>;
}

export interface OpenSurface {
  /**
   * One bad input; gives what became of it in two or three words ("refused 400"). Throws for what must
   * never be: no answer, an unclear error, a throw.
   */
  readonly attack: (random: SeededRandom) => Promise<string>;
  /** What must hold at any time, whatever was sent: sentences about what does not. */
  readonly violations: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}
