import type { Wave } from './wave.ts';

/** Loudness of speech, gated, as full scale = 1: −20 dBFS, what telephone prompts are made to. */
const targetLevel = 0.1;
/** −1 dBFS: Opus overshoots a little. */
const highestPeak = 0.89;
/** Below −46 dBFS counts as silence; flite's own silence is digital zero. */
const silenceLevel = 0.005;
/** A frame for gating and for finding where the voice begins. */
const frameMs = 10;
/** Kept around the voice, so that soft consonants are not cut. */
const marginMs = 30;

/** Pauses in milliseconds after a clause, by what it ends with. flite's own are up to half a second. */
function pauseMs(clause: string): number {
  const end =
    clause
      .trimEnd()
      .replace(/["')\]]+$/, '')
      .at(-1) ?? '';
  if ('.!?…'.includes(end)) return 280;
  if (':;'.includes(end)) return 200;
  if (',–—-'.includes(end)) return 120;
  return 40;
}

export interface ShapedClause {
  readonly pcm: Int16Array;
  /** How much was cut off in front. */
  readonly cutMs: number;
}

/**
 * Makes clauses that can be put one after the other: the silence around the voice becomes a pause
 * that fits the punctuation, and the loudness is the same for all voices.
 */
export function shapeClause({ pcm, sampleRateHz }: Wave, clause: string): ShapedClause {
  const frame = Math.round((frameMs * sampleRateHz) / 1000);
  const levels: number[] = [];
  for (let at = 0; at < pcm.length; at += frame) levels.push(level(pcm.subarray(at, at + frame)));
  const voiced = levels.filter((value) => value > silenceLevel);
  if (voiced.length === 0) return { pcm: new Int16Array(0), cutMs: 0 };

  const margin = Math.round((marginMs * sampleRateHz) / 1000);
  const start = Math.max(0, levels.findIndex((value) => value > silenceLevel) * frame - margin);
  const last = levels.findLastIndex((value) => value > silenceLevel);
  const end = Math.min(pcm.length, (last + 1) * frame + margin);
  const pause = Math.round((pauseMs(clause) * sampleRateHz) / 1000);

  const loudness = Math.sqrt(voiced.reduce((sum, value) => sum + value * value, 0) / voiced.length);
  const voice = pcm.subarray(start, end);
  const gain = Math.min(targetLevel / loudness, highestPeak / peak(voice));
  const shaped = new Int16Array(voice.length + pause);
  voice.forEach((sample, index) => {
    shaped[index] = Math.round(sample * gain);
  });
  return { pcm: shaped, cutMs: (start / sampleRateHz) * 1000 };
}

function level(samples: Int16Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return Math.sqrt(power) / 32_768;
}

function peak(samples: Int16Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1) / 32_768;
}
