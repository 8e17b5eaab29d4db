import { levelOf } from '../caller/heard-sound.ts';

const sampleRateHz = 16_000;
const windowSamples = 160;

export interface SoundSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** Where there is sound in 16 kHz mono; silences shorter than `joinMs` belong to it. */
export function soundSpans(
  pcm: Int16Array,
  { level = 0.005, joinMs = 300 }: { readonly level?: number; readonly joinMs?: number } = {},
): SoundSpan[] {
  const spans: { startMs: number; endMs: number }[] = [];
  for (let start = 0; start + windowSamples <= pcm.length; start += windowSamples) {
    if (levelOf(pcm.subarray(start, start + windowSamples)) < level) continue;
    const startMs = (start / sampleRateHz) * 1000;
    const endMs = startMs + (windowSamples / sampleRateHz) * 1000;
    const last = spans.at(-1);
    if (last && startMs - last.endMs < joinMs) last.endMs = endMs;
    else spans.push({ startMs, endMs });
  }
  return spans;
}
