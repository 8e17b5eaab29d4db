import { bandCount } from './filter-bank.ts';
import type { LoudnessTrack } from './loudness-track.ts';

export interface Likeness {
  /** Of how the bands' loudness moves, 0 to 1. */
  readonly correlation: number;
  /** From the bot's sound to the microphone. */
  readonly delaySlots: number;
  /** How many slots were compared at that delay. */
  readonly slots: number;
}

export interface LikenessOptions {
  readonly microphone: LoudnessTrack;
  readonly bot: LoudnessTrack;
  /** The microphone's, up to which they are compared. */
  readonly lastSlot: number;
  /** Compared are the last slots in a row in which the bot sounded: so many at least and at most. */
  readonly slots: { readonly least: number; readonly most: number };
  /** The correlation that so many slots need to mean anything: short pieces of any two sounds look alike. */
  readonly needed: (slots: number) => number;
  readonly longestDelaySlots: number;
  /** Where the echo was found before. */
  readonly knownDelaySlots: number | undefined;
}

/**
 * Jitter buffers stretch and shrink, and what was before such a shift does not fit any more: this near to where
 * the echo was before, the newest part is compared alone, too.
 */
const shiftSlots = 5;
/** Quieter than its loudest by more than this, a band is as good as silent: rooms and noise fill it. */
const rangeDb = 25;

/** At which delay the microphone moves most as the bot did. */
export function bestLikeness(options: LikenessOptions): Likeness {
  const { microphone, bot, lastSlot, needed, longestDelaySlots } = options;
  const { least, most } = options.slots;
  const heardOf = new Map<number, Float32Array>();
  let best: Likeness = { correlation: 0, delaySlots: 0, slots: 0 };
  let bestMargin = -Infinity;
  for (let delaySlots = 0; delaySlots <= longestDelaySlots; delaySlots += 1) {
    const sounding = soundingSlots(bot, lastSlot - delaySlots, most);
    if (sounding < least) continue;
    const isNearKnown = Math.abs(delaySlots - (options.knownDelaySlots ?? Infinity)) <= shiftSlots;
    for (const slots of isNearKnown && sounding > least ? [sounding, least] : [sounding]) {
      const heard = heardOf.get(slots) ?? movement(microphone, lastSlot, slots);
      heardOf.set(slots, heard);
      const correlation = product(heard, movement(bot, lastSlot - delaySlots, slots));
      const margin = correlation - needed(slots);
      if (margin <= bestMargin) continue;
      bestMargin = margin;
      best = { correlation, delaySlots, slots };
    }
  }
  return best;
}

function soundingSlots(bot: LoudnessTrack, lastSlot: number, most: number): number {
  let slots = 0;
  while (slots < most && bot.isSounding(lastSlot - slots)) slots += 1;
  return slots;
}

/** Each band's loudness about its own mean, as one vector of length 1: what rooms and gains do not change. */
function movement(track: LoudnessTrack, lastSlot: number, slots: number): Float32Array {
  const vector = new Float32Array(bandCount * slots);
  let power = 0;
  for (let band = 0; band < bandCount; band += 1) {
    const levels = vector.subarray(band * slots, (band + 1) * slots);
    let loudest = -Infinity;
    for (let at = 0; at < slots; at += 1) {
      const level = track.level(lastSlot - at, band);
      levels[at] = level;
      if (level > loudest) loudest = level;
    }
    power += center(levels, loudest - rangeDb);
  }
  if (power === 0) return vector;
  const scale = 1 / Math.sqrt(power);
  for (let index = 0; index < vector.length; index += 1)
    vector[index] = (vector[index] ?? 0) * scale;
  return vector;
}

/** In place; gives the sum of squares. */
function center(levels: Float32Array, lowest: number): number {
  let sum = 0;
  for (let at = 0; at < levels.length; at += 1) {
    const level = levels[at] ?? 0;
    if (level < lowest) levels[at] = lowest;
    sum += Math.max(level, lowest);
  }
  const mean = sum / levels.length;
  let power = 0;
  for (let at = 0; at < levels.length; at += 1) {
    const difference = (levels[at] ?? 0) - mean;
    levels[at] = difference;
    power += difference * difference;
  }
  return power;
}

function product(first: Float32Array, second: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < first.length; index += 1)
    sum += (first[index] ?? 0) * (second[index] ?? 0);
  return sum;
}
