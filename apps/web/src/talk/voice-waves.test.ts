import { expect, test } from 'vitest';
import { VoiceWaves } from './voice-waves';

const silence = { microphone: 0, bot: 0 };
const pictureMs = 1000 / 60;

/** Feeds pictures of one level, and says after how many the line lay still. */
function picturesUntilStill(waves: VoiceWaves, fromMs: number): number {
  let pictures = 0;
  while (!waves.areStill && pictures < 1000) {
    pictures += 1;
    waves.add(silence, fromMs + pictures * pictureMs);
  }
  return pictures;
}

test('a line moves with a voice until the last of it has crossed', () => {
  const waves = new VoiceWaves();
  expect(waves.areStill).toBe(true);
  waves.add({ microphone: 0.2, bot: 0 }, 1000);
  expect(waves.areStill).toBe(false);
  // It crosses in 900 ms, once it has died away.
  expect(picturesUntilStill(waves, 1000) * pictureMs).toBeGreaterThan(900);
  expect(Math.max(...waves.microphone)).toBeLessThan(0.002);
});

test('a page that gave no pictures for long shows the end of a voice before it lies still', () => {
  const waves = new VoiceWaves();
  waves.add({ microphone: 0, bot: 0.2 }, 1000);
  waves.add(silence, 60_000);
  expect(waves.areStill).toBe(false);
  picturesUntilStill(waves, 60_000);
  expect(Math.max(...waves.bot)).toBeLessThan(0.002);
});
