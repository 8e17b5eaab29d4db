import { expect, test } from 'vitest';
import { powerShareAt, toneMs } from './frequency.ts';
import { medianPitchHz } from './pitch.ts';
import { soundSpans } from './sound-spans.ts';
import { join, noise, tone, withNoise } from './sounds.ts';

const silence = (ms: number): Int16Array => new Int16Array(ms * 16);

/** A voice's pitch is heard in its harmonics; the fundamental may be the weakest. */
const voice = (pitchHz: number): Int16Array =>
  Int16Array.from({ length: 16_000 }, (_, index) =>
    [0.2, 1, 0.7, 0.4].reduce(
      (sum, part, harmonic) =>
        sum + 4_000 * part * Math.sin((2 * Math.PI * pitchHz * (harmonic + 1) * index) / 16_000),
      0,
    ),
  );

test.each([90, 120, 170, 220])('the pitch of a voice of %i Hz', (pitchHz) => {
  expect(Math.abs(medianPitchHz(voice(pitchHz)) - pitchHz)).toBeLessThan(3);
  expect(Math.abs(medianPitchHz(withNoise(voice(pitchHz), 20)) - pitchHz)).toBeLessThan(3);
});

test('noise and silence have no pitch', () => {
  expect(medianPitchHz(noise(16_000, 5_000))).toBeNaN();
  expect(medianPitchHz(silence(1_000))).toBeNaN();
});

test('a tone has all its power at its frequency', () => {
  expect(powerShareAt(tone(440, 500), 440)).toBeGreaterThan(0.99);
  expect(powerShareAt(tone(440, 500), 880)).toBeLessThan(0.01);
  expect(powerShareAt(tone(220, 500), 440)).toBeLessThan(0.05);
  expect(powerShareAt(noise(8_000, 5_000), 440)).toBeLessThan(0.1);
});

test('a tone with a packet missing is still that tone', () => {
  expect(powerShareAt(join(tone(440, 250), tone(440, 255)), 440)).toBeGreaterThan(0.95);
});

test('for how long each of two tones was heard', () => {
  const pcm = join(tone(440, 1_000), silence(300), noise(500, 2_000), tone(220, 600));
  expect(toneMs(pcm, 440)).toBe(1_000);
  expect(toneMs(pcm, 220)).toBe(600);
  expect(toneMs(pcm, 330)).toBe(0);
});

test('sound is found where it is', () => {
  const pcm = join(silence(500), tone(300, 400), silence(100), tone(300, 200), silence(700));
  expect(soundSpans(pcm)).toEqual([{ startMs: 500, endMs: 1_200 }]);
  expect(soundSpans(pcm, { joinMs: 50 })).toHaveLength(2);
});

test('noise is as far below the voice as it was told', () => {
  const pure = tone(300, 1_000);
  const noisy = withNoise(pure, 15);
  const rms = (pcm: Int16Array): number =>
    Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length);
  const added = noisy.map((sample, index) => sample - (pure[index] ?? 0));
  expect(Math.abs(20 * Math.log10(rms(pure) / rms(added)) - 15)).toBeLessThan(1);
});
