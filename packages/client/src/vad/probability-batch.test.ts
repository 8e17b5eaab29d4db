import { clientMessageSchema } from '@voicebus/protocol';
import { describe, expect, it } from 'vitest';
import { ProbabilityBatcher, type ProbabilityBatch } from './probability-batch.ts';

/** Windows by their end on the page's clock, in ms, and their probability. */
function send(windows: readonly (readonly [number, number])[]): ProbabilityBatch[] {
  const batcher = new ProbabilityBatcher();
  return windows.flatMap(([endMs, probability]) => batcher.add(probability, endMs) ?? []);
}

describe('probabilities of speech', () => {
  it('go three at a time while it is quiet, with the time of the last one', () => {
    expect(
      send([
        [32, 0.01],
        [64, 0.02],
        [96, 0.01234],
        [128, 0],
      ]),
    ).toEqual([{ captureMs: 96, probabilities: [0.01, 0.02, 0.012] }]);
  });

  it('go at once from the first window that may be speech, with what waited', () => {
    expect(
      send([
        [32, 0.01],
        [64, 0.4],
        [96, 0.9],
      ]),
    ).toEqual([
      { captureMs: 64, probabilities: [0.01, 0.4] },
      { captureMs: 96, probabilities: [0.9] },
    ]);
  });

  it('are neighbours within a batch, since their times are counted back from the last', () => {
    expect(
      send([
        [32, 0.01],
        [64, 0.02],
        [400, 0.9],
      ]),
    ).toEqual([{ captureMs: 400, probabilities: [0.9] }]);
  });

  it('bear the jitter of the clock', () => {
    expect(
      send([
        [32, 0.01],
        [66.5, 0.01],
        [95, 0.01],
      ]),
    ).toHaveLength(1);
  });

  it('are always a message that the server takes', () => {
    const odd = [Number.NaN, -0.0000001, 1.0000001, Number.POSITIVE_INFINITY, 0.5];
    const batches = send(odd.map((probability, index) => [(index + 1) * 32, probability]));
    expect(batches.length).toBeGreaterThan(0);
    for (const batch of batches)
      expect(
        clientMessageSchema.safeParse(
          JSON.parse(JSON.stringify({ type: 'speech-probability', ...batch })),
        ).success,
      ).toBe(true);
  });
});
