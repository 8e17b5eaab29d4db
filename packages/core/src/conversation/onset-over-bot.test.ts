import { LoneUserAggregator } from '@voicebus/testing';
import { expect, test } from 'vitest';
import type { Whose } from '../frames/frame.ts';

/** Windows while the bot sounds until an utterance begins; null where none does within a second. */
async function windowsUntilOnset(whose: Whose, probability: number): Promise<number | null> {
  const user = new LoneUserAggregator();
  user.botStartsSpeaking();
  for (let count = 1; count * LoneUserAggregator.windowMs <= 1_000; count += 1) {
    await user.clock.advance(LoneUserAggregator.windowMs);
    user.hear({ probability, captureMs: user.clock.now(), whose });
    if (user.sent.kinds.includes('user-started-speaking')) return count;
  }
  return null;
}

test('a quiet word over the bot is heard where it cannot be its echo', async () => {
  expect(await windowsUntilOnset('caller', 0.55)).toBe(2);
  expect(await windowsUntilOnset('unsure', 0.55)).toBeNull();
});

test('a clear word is heard also where it might be the echo, a window later', async () => {
  expect(await windowsUntilOnset('unsure', 0.95)).toBe(3);
});
