import { LoneUserAggregator } from '@voicebus/testing';
import { expect, test } from 'vitest';

function listening() {
  const user = new LoneUserAggregator();
  /** Sound of this length, in windows, as it was captured: it may come long afterwards. */
  let captureMs = 0;
  const hear = (durationMs: number, probability: number): void => {
    for (let ms = 0; ms < durationMs; ms += LoneUserAggregator.windowMs) {
      captureMs += LoneUserAggregator.windowMs;
      user.hear({ probability, captureMs });
    }
  };
  const edges = (): string[] =>
    user.sent.kinds.filter((kind) => /^user-(started|stopped)/.test(kind));
  return { clock: user.clock, hear, edges };
}

test('a sentence is not cut in two because this process stood still in the middle of it', async () => {
  const { clock, hear, edges } = listening();
  hear(500, 0.95);
  await clock.advance(10);
  clock.standStill(15_000);
  hear(1_000, 0.95);
  await clock.advance(10);
  expect(edges()).toEqual(['user-started-speaking']);
  hear(1_000, 0.02);
  await clock.advance(10);
  expect(edges()).toEqual(['user-started-speaking', 'user-stopped-speaking']);
});

test('sound that ended with it is over all the same', async () => {
  const { clock, hear, edges } = listening();
  hear(500, 0.95);
  await clock.advance(10);
  clock.standStill(15_000);
  await clock.advance(1_000);
  expect(edges()).toEqual(['user-started-speaking', 'user-stopped-speaking']);
});
