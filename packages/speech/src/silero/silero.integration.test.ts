import { afterAll, expect, test } from 'vitest';
import { OfflineVoices } from '../offline-voices/offline-voices.ts';
import { SileroVoiceActivityDetector } from './silero.ts';

const detector = new SileroVoiceActivityDetector();
const voices = new OfflineVoices({ threads: 1 });
afterAll(async () => {
  await detector[Symbol.asyncDispose]();
  await voices[Symbol.asyncDispose]();
});

async function* text(): AsyncIterable<string> {
  yield 'Hello, I would like to ask about my order.';
}

/** One second of silence, a sentence, one second of silence. */
async function recording(): Promise<Float32Array> {
  const { signal } = new AbortController();
  const samples: number[] = Array.from({ length: 16_000 }, () => 0);
  for await (const part of voices.speak({ sessionId: 's1', text: text(), voice: 'deep', signal })) {
    if (part.type === 'audio') samples.push(...part.pcm);
  }
  return Float32Array.from([...samples, ...new Float32Array(16_000)], (sample) => sample / 32_768);
}

test('speech is found where it is, for several callers at once', async () => {
  const pcm = await recording();
  const callers = await Promise.all([0, 1, 2, 3].map(() => detector.open()));
  const runs = callers.map(async (caller, index) => {
    const probabilities: number[] = [];
    // Each caller is a different number of windows late.
    const late = new Float32Array(pcm.length + index * 512);
    late.set(pcm, index * 512);
    for (let at = 0; at + 512 <= late.length; at += 512) {
      probabilities.push(await caller.probability(late.slice(at, at + 512)));
    }
    return probabilities.slice(index);
  });
  const [first = [], ...others] = await Promise.all(runs);
  const spoken = first.filter((probability) => probability > 0.5).length;
  const firstWindow = first.findIndex((probability) => probability > 0.5);
  expect(spoken * 32).toBeGreaterThan(1000);
  expect(firstWindow * 32).toBeGreaterThan(950);
  expect(firstWindow * 32).toBeLessThan(1300);
  expect(first.at(-1)).toBeLessThan(0.2);
  for (const probabilities of others) {
    expect(
      Math.abs((probabilities[firstWindow + 8] ?? 0) - (first[firstWindow + 8] ?? 0)),
    ).toBeLessThan(0.1);
  }
});

test('a window of another size is refused', async () => {
  const caller = await detector.open();
  await expect(caller.probability(new Float32Array(480))).rejects.toMatchObject({
    code: 'invalid-arguments',
  });
});
