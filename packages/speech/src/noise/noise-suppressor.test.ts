import { expect, test } from 'vitest';
import { NoiseSuppressor } from './noise-suppressor.ts';

const second = 16_000;

/** The same each time: a linear congruential generator. */
function noise(samples: number, amplitude: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length: samples }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 0x8000_0000 - 1) * amplitude);
  });
}
const tone = (samples: number, amplitude: number): Int16Array =>
  Int16Array.from({ length: samples }, (_, at) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * 440 * at) / second)),
  );
const add = (one: Int16Array, other: Int16Array): Int16Array =>
  one.map((sample, at) => sample + (other[at] ?? 0));
function power(pcm: Int16Array): number {
  return pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length;
}
const decibels = (ratio: number): number => 10 * Math.log10(ratio);

test('what was heard before somebody spoke is taken out of what they say', () => {
  const suppressor = new NoiseSuppressor();
  const hiss = noise(3 * second, 1_000);
  suppressor.process(hiss.subarray(0, 2 * second), false);
  const said = add(tone(second, 8_000), hiss.subarray(2 * second));
  const clean = suppressor.process(said, true);
  const settled = clean.subarray(second / 4);
  // The tone alone has half its amplitude squared; what is left beside it is less noise than there was.
  expect(Math.abs(decibels(power(settled) / 32e6))).toBeLessThan(0.5);
  const rest = add(settled, tone(second, -8_000).subarray(second / 4 - 256));
  expect(decibels(power(rest) / power(hiss))).toBeLessThan(-5);
});

test('noise alone becomes quiet', () => {
  const suppressor = new NoiseSuppressor();
  const hiss = noise(3 * second, 1_000);
  suppressor.process(hiss.subarray(0, 2 * second), false);
  const left = suppressor.process(hiss.subarray(2 * second), true);
  expect(decibels(power(left) / power(hiss))).toBeLessThan(-10);
});

test('in a quiet room speech comes out as it went in, 16 ms later, in any pieces', () => {
  const suppressor = new NoiseSuppressor();
  suppressor.process(new Int16Array(second), false);
  const said = tone(second, 8_000);
  const parts: number[] = [];
  for (let at = 0; at < said.length; at += 320)
    parts.push(...suppressor.process(said.subarray(at, at + 320), true));
  // The second of silence was 62 hops and a half: this much of it was still waiting.
  const late = 256 + (second % 256);
  for (let at = 1_000; at < 2_000; at += 1)
    expect(Math.abs((parts[at + late] ?? 0) - (said[at] ?? 0))).toBeLessThanOrEqual(2);
});

test('the first words of a voice, before a detector has noticed it, are no noise', () => {
  const suppressor = new NoiseSuppressor();
  const hiss = noise(2 * second, 100);
  suppressor.process(hiss.subarray(0, second), false);
  // 250 ms that count as silence.
  suppressor.process(tone(second / 4, 8_000), false);
  const clean = suppressor.process(tone(second, 8_000), true);
  expect(Math.abs(decibels(power(clean) / 32e6))).toBeLessThan(0.5);
});
