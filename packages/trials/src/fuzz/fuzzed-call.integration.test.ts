import { expect, test } from 'vitest';
import { describeFuzz } from './describe-fuzz.ts';
import { runFuzz } from './run-fuzz.ts';
import { dataChannel } from './surfaces/data-channel.ts';
import { http } from './surfaces/http.ts';
import { signalling } from './surfaces/signalling.ts';

/** Each seed starts a transport agent of its own: one process per surface is enough here. */
const seed = Math.trunc(Math.random() * 2 ** 31);

test.each([http, signalling, dataChannel])(
  `bad input over $name, and a healthy caller notices nothing (seed ${seed})`,
  async (surface) => {
    const result = await runFuzz(surface, { seed, durationMs: 2_500 });
    expect(result.failures, describeFuzz(result)).toEqual([]);
    expect(result.inputs).toBeGreaterThan(0);
  },
  60_000,
);
