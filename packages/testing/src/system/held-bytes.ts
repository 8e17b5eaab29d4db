import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Collections, at most: what one sets free (a socket, a stream) lets the next one free more. */
const rounds = 10;

/** What this process (or thread) holds once nothing more can be collected: objects, and buffers beside them. */
async function heldBytes(): Promise<number> {
  let held = Infinity;
  for (let round = 0; round < rounds; round += 1) {
    collectGarbage();
    // Finalisers run in between.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const { heapUsed, external } = process.memoryUsage();
    held = Math.min(held, heapUsed + external);
  }
  return held;
}

export interface HeldOptions {
  /** Played first: code is compiled, pools are filled. */
  readonly warmUpTurns: number;
  readonly turns: number;
  readonly playTurn: (turn: number) => Promise<void>;
  /** Lets go of what the test itself has collected, and of what is still on its way. */
  readonly forget?: () => void | Promise<void>;
}

/** Plays turns, and says how many bytes stay behind of each. */
export async function bytesHeldPerTurn(options: HeldOptions): Promise<number> {
  const { warmUpTurns, turns, playTurn, forget } = options;
  const heldAfter = async (from: number, count: number): Promise<number> => {
    for (let turn = from; turn < from + count; turn += 1) await playTurn(turn);
    await forget?.();
    return heldBytes();
  };
  const before = await heldAfter(0, warmUpTurns);
  return ((await heldAfter(warmUpTurns, turns)) - before) / turns;
}

/**
 * What 500 turns may leave behind, each. Seen: 0.5 to 1.5 KB, of compiled code and sockets' buffers, which in
 * 3,000 turns come to nothing. What leaks is larger: a fifth of a second of sound is 6 KB, an answer's stream
 * 10 KB.
 */
export const mostBytesPerTurn = 3_000;
