import type { HeldSample } from './growth.ts';
import { heldBytes } from './held-bytes.ts';

export interface HoldTurnsOptions {
  /** After the ones of warming up. */
  readonly turns: number;
  readonly playTurn: (turn: number) => Promise<void>;
  /** Before each sample: lets go of what the test itself has collected, and of what is still on its way. */
  readonly forget?: () => void | Promise<void>;
  /** Default: 100. Code is compiled, pools are filled, and nothing is measured. */
  readonly warmUpTurns?: number;
  /** Turns between two samples. Default: 50. */
  readonly sampleEvery?: number;
  readonly onSample?: (sample: HeldSample) => void;
}

/** Plays turns, and samples what is held behind the warm-up and every so many turns from there on. */
export async function holdTurns(options: HoldTurnsOptions): Promise<HeldSample[]> {
  const { turns, playTurn, forget, warmUpTurns = 100, sampleEvery = 50, onSample } = options;
  const samples: HeldSample[] = [];
  for (let turn = 0; turn <= warmUpTurns + turns; turn += 1) {
    const measured = turn - warmUpTurns;
    if (measured >= 0 && measured % sampleEvery === 0) {
      await forget?.();
      const sample = { turn, bytes: await heldBytes() };
      samples.push(sample);
      onSample?.(sample);
    }
    if (measured < turns) await playTurn(turn);
  }
  return samples;
}

/**
 * What each of 500 turns may leave behind. Seen: 0 to 0.5 KB, of buffers that fill (Node keeps the last 250
 * requests of fetch, for one). What leaks is larger: a fifth of a second of sound is 6 KB, an answer's stream 10.
 */
export const mostBytesPerTurn = 1_500;
