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

/** For how long the bot is silent until it is interrupted; null where nothing interrupts it. */
async function verdictAfter(quietWindows: number): Promise<number | null> {
  const user = new LoneUserAggregator();
  user.botStartsSpeaking();
  let heldMs: number | null = null;
  for (let count = 1; count <= 24; count += 1) {
    await user.clock.advance(LoneUserAggregator.windowMs);
    const probability = count <= quietWindows ? 0.6 : 0.95;
    user.hear({ probability, captureMs: user.clock.now(), whose: 'caller' });
    if (user.sent.kinds.includes('output-hold')) heldMs ??= user.clock.now();
    if (user.sent.kinds.includes('interruption')) return user.clock.now() - (heldMs ?? NaN);
  }
  return null;
}

test('what is only perhaps speech silences the bot, and is no evidence of an interruption', async () => {
  const clear = await verdictAfter(0);
  expect(clear).toBeGreaterThan(400);
  expect(await verdictAfter(8)).toBe((clear ?? NaN) + 8 * LoneUserAggregator.windowMs);
});
