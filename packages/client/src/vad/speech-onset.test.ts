import { describe, expect, it } from 'vitest';
import { SpeechOnset } from './speech-onset.ts';

const context = { armed: true, botLevel: 0.1 };
const windows = (onset: SpeechOnset, probabilities: readonly number[], level = 0.1) =>
  probabilities.map((probability) => onset.add({ probability, level, durationMs: 32 }, context));

describe('an onset of speech', () => {
  it('is certain after 96 ms of likely speech', () => {
    expect(windows(new SpeechOnset(), [0.8, 0.8, 0.8])).toEqual([false, false, true]);
  });

  it('is certain after 64 ms of clear speech', () => {
    expect(windows(new SpeechOnset(), [0.98, 0.99])).toEqual([false, true]);
  });

  it('begins again after a window without speech', () => {
    expect(windows(new SpeechOnset(), [0.8, 0.8, 0.2, 0.8, 0.8])).not.toContain(true);
  });

  it('is told once, until the speech is over', () => {
    const onset = new SpeechOnset();
    expect(windows(onset, Array(20).fill(0.99)).filter(Boolean)).toHaveLength(1);
    windows(onset, Array(7).fill(0.1));
    expect(windows(onset, [0.99, 0.99])).toEqual([false, true]);
  });

  it('is not the echo of the bot', () => {
    expect(windows(new SpeechOnset(), [0.99, 0.99, 0.99], 0.01)).not.toContain(true);
  });

  it('is not told while it does not matter', () => {
    const onset = new SpeechOnset();
    const unarmed = { armed: false, botLevel: 0 };
    const window = { probability: 0.99, level: 0.1, durationMs: 32 };
    expect([1, 2, 3].map(() => onset.add(window, unarmed))).not.toContain(true);
    expect(onset.add(window, context)).toBe(true);
  });
});
