import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
// Functions that were not called for a while lose their code: a megabyte or two, at any time.
setFlagsFromString('--no-flush-bytecode');
const collectGarbage = runInNewContext('gc') as () => void;

/** Collections, at most: what one sets free (a socket, a stream) lets the next one free more. */
const mostRounds = 10;
/** Two in a row that free less than this have freed all that they can. */
const littleBytes = 1_000;

/** Where compiled code is: it grows for hundreds of turns, as more and more of it is found worth compiling. */
const codeSpaces = /^(?:code|trusted)/;

/** What this process (or thread) holds once nothing more can be collected: objects, and buffers beside them. */
export async function heldBytes(): Promise<number> {
  let held = Infinity;
  for (let round = 0, idle = 0; round < mostRounds && idle < 2; round += 1) {
    // Buffers that the first sets free are counted as free from the next one on. Nothing runs between these
    // lines: a call that goes on makes megabytes in a few turns of the loop, all of them garbage.
    collectGarbage();
    collectGarbage();
    const now = objectBytes() + process.memoryUsage().external;
    idle = held - now < littleBytes ? idle + 1 : 0;
    held = Math.min(held, now);
    // Finalisers run here.
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return held;
}

function objectBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => !codeSpaces.test(name))
    .reduce((sum, { space_used_size: used }) => sum + used, 0);
}
