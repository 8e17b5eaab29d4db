import type { Whose } from '../frames/frame.ts';
import { bestLikeness, type Likeness } from './echo-likeness.ts';
import { bandCount } from './filter-bank.ts';
import { LoudnessTrack, quietestDb, slotMs } from './loudness-track.ts';

/** What is compared to find the way of the echo: up to 640 ms. Short pieces of any two voices look alike. */
const comparedSlots = 40;
const fewestSlots = 20;
/** Network, the browser's jitter buffer, loudspeaker, room, microphone and back: 0 to 700 ms. */
const longestDelaySlots = Math.round(700 / slotMs);
/**
 * The best correlation of another voice over 320 ms is below 0.88 in 95 of 100 windows and below 0.93 in 99,
 * over 640 ms below 0.71 and 0.78; that of an echo at −30 dB is above 0.92 and 0.93.
 */
const certain = { fewest: 0.93, most: 0.86 };
/**
 * Enough as long as nothing is known of the room. A caller who interrupts then is still told from the bot: what
 * is compared holds the silence before them, too.
 */
const likely = { fewest: 0.88, most: 0.7 };
/** By so much less than certain there is none. */
const missedBy = 0.26;
/** Found twice at the same delay, this far apart at least, its way is known, and how loud it comes back. */
const apartSlots = 10;
/** Not found so often in a row: there is no such way any more, or never was, as with a headset. */
const longestMisses = 6;
/** While the bot sounds its echo is looked for this often, whether anybody asks or not. */
const searchEverySlots = 24;
/** Where there is none, as with a headset, this often: somebody may take it off. */
const searchEverySlotsClean = 120;
/** The newest 96 ms decide whether there is more in the microphone than the echo that is due. */
const judgedSlots = 6;
/** By so much the microphone may be louder than the echo that is due, in the mean over the bands. */
const explainedDb = 4;
/** By so much louder it is the caller beyond doubt: at the edges of a drifting echo it is seen up to 9. */
const callerDb = 12;
/** Jitter buffers stretch and shrink: the echo is due within two slots, at the start of a spurt within eight. */
const driftSlots = 2;
const driftSlotsEarly = 8;
/** Most echoes are back after 256 ms. */
const usualDelaySlots = 16;
/** A way that was not seen for 10 s may be another one by now. */
const forgottenSlots = Math.round(10_000 / slotMs);
/** Within this of its loudest the bot is far enough above the room's noise to measure a gain. */
const loudDb = 15;
/** Quieter than this is the noise of microphones and codecs; −65 dB of full scale per band. */
const noiseDb = -65;

interface Compared {
  readonly lastSlot: number;
  readonly slots: number;
  readonly delaySlots: number;
}

interface EchoPath {
  readonly delaySlots: number;
  /** Decibels from the bot's sound to its echo, per band. */
  readonly gainsDb: readonly number[];
  readonly seenSlot: number;
}

/**
 * Tells the bot's own voice in the microphone from the caller's. Both sounds are followed as loudness in
 * eleven bands: an echo moves as the bot did a moment ago, however quiet it is and whatever the room does
 * to its sound. Where its way is known, what is louder than the echo that is due is the caller.
 */
export class EchoJudge {
  readonly #microphone = new LoudnessTrack();
  readonly #bot = new LoudnessTrack();
  #path: EchoPath | null = null;
  #searchedSlot = -Infinity;
  /** Where and when the echo was found last. */
  #found: { readonly delaySlots: number; readonly slot: number } | null = null;
  /** Searches in a row that found nothing like it. */
  #misses = 0;

  /** What goes to the loudspeaker; `startMs` is the time of the first sample. */
  played(samples: Int16Array, sampleRateHz: number, startMs: number): void {
    this.#bot.add(samples, sampleRateHz, startMs);
  }

  /** What the microphone captured, on the same clock. */
  captured(samples: Int16Array, sampleRateHz: number, startMs: number): void {
    // Most of a call the bot is silent: nothing of it can come back.
    if (this.#isLongSilent(startMs)) return;
    this.#microphone.add(samples, sampleRateHz, startMs);
    const slot = this.#microphone.lastSlot;
    const isClean = this.#misses >= longestMisses;
    if (slot - this.#searchedSlot < (isClean ? searchEverySlotsClean : searchEverySlots)) return;
    // What the bot says now has not come back yet.
    if (!this.#hasSounded(slot - fewestSlots, comparedSlots)) return;
    this.#searchedSlot = slot;
    const likeness = this.#search(slot);
    const margin = likeness.correlation - needed(certain, likeness.slots);
    if (margin >= 0) this.#learn(likeness, slot);
    else if (margin < -missedBy && !this.#isCallerOver(slot)) this.#miss();
  }

  /**
   * Whose the sound is that was captured up to `capturedMs`, on the clock of `played` and `captured`. `bot` when
   * it is the bot's own and nothing more; also while the bot began so short a while ago that nobody can tell,
   * unless its sound did not come back before. `caller` where the bot has long been silent, where its sound does
   * not come back at all, or by far not as loud as this. Else `unsure`.
   */
  whose(capturedMs: number): Whose {
    // The detector's word on this sound may come late: more was captured since.
    const slot = Math.min(Math.floor(capturedMs / slotMs), this.#microphone.lastSlot);
    if (this.#isLongSilent(capturedMs)) return 'caller';
    if (!this.#microphone.isSounding(slot)) return 'unsure';
    const isEarly = this.#isTooEarly(slot - 1);
    if (this.#path && slot - this.#path.seenSlot > forgottenSlots) this.#path = null;
    const excessDb = this.#path ? this.#excessDb(this.#path, slot, isEarly) : Infinity;
    if (excessDb < explainedDb) return 'bot';
    const isUnknown = !this.#path && this.#misses < longestMisses;
    if (isUnknown && isEarly) return 'bot';
    const likeness = this.#search(slot);
    const { correlation, slots } = likeness;
    if (correlation >= needed(certain, slots)) {
      this.#learn(likeness, slot);
      return 'bot';
    }
    if (isUnknown) return correlation >= needed(likely, slots) ? 'bot' : 'unsure';
    return excessDb >= callerDb ? 'caller' : 'unsure';
  }

  /** Somebody is louder than the echo that is due: whether it is there cannot be told. */
  #isCallerOver(slot: number): boolean {
    return this.#path !== null && this.#excessDb(this.#path, slot, false) >= explainedDb;
  }

  #isLongSilent(atMs: number): boolean {
    return atMs / slotMs - this.#bot.lastSlot > longestDelaySlots + comparedSlots;
  }

  /** The bot sounded so short a while ago, or for so short a while, that its echo cannot be told yet. */
  #isTooEarly(slot: number): boolean {
    let silentSlots = 0;
    while (silentSlots <= usualDelaySlots && !this.#bot.isSounding(slot - silentSlots))
      silentSlots += 1;
    if (silentSlots > usualDelaySlots) return false;
    return !this.#hasSounded(slot - silentSlots, fewestSlots + usualDelaySlots - silentSlots);
  }

  /** The bot sounded in all of these slots, up to this one. */
  #hasSounded(lastSlot: number, slots: number): boolean {
    for (let at = 0; at < slots; at += 1) if (!this.#bot.isSounding(lastSlot - at)) return false;
    return true;
  }

  #search(lastSlot: number): Likeness {
    return bestLikeness({
      microphone: this.#microphone,
      bot: this.#bot,
      lastSlot,
      slots: { least: fewestSlots, most: comparedSlots },
      needed: (slots) => needed(certain, slots),
      longestDelaySlots,
      knownDelaySlots: this.#path?.delaySlots ?? this.#found?.delaySlots,
    });
  }

  #learn({ delaySlots, slots }: Likeness, slot: number): void {
    this.#misses = 0;
    if (this.#path) this.#path = { ...this.#path, delaySlots, seenSlot: slot };
    const before = this.#found;
    const isSame = before !== null && Math.abs(before.delaySlots - delaySlots) <= driftSlots;
    // Twice within a few slots is the same sound, compared twice.
    if (isSame && slot - before.slot < apartSlots) return;
    this.#found = { delaySlots, slot };
    if (!isSame) return;
    const gainsDb = Array.from({ length: bandCount }, (_, band) =>
      this.#gainDb(band, { lastSlot: slot, slots, delaySlots }),
    );
    this.#path = { delaySlots, gainsDb, seenSlot: slot };
  }

  #miss(): void {
    this.#misses += 1;
    this.#found = null;
    if (this.#misses >= longestMisses) this.#path = null;
  }

  /** The median over the slots in which the bot was loud in this band. */
  #gainDb(band: number, { lastSlot, slots, delaySlots }: Compared): number {
    const pairs = Array.from({ length: slots }, (_, at) => ({
      bot: this.#bot.level(lastSlot - delaySlots - at, band),
      microphone: this.#microphone.level(lastSlot - at, band),
    }));
    const loudest = Math.max(...pairs.map(({ bot }) => bot));
    const gains = pairs
      .filter(({ bot }) => bot > loudest - loudDb)
      .map(({ bot, microphone }) => microphone - bot)
      .toSorted((first, second) => first - second);
    return gains[gains.length >> 1] ?? 0;
  }

  /** By so many decibels the microphone is louder than the echo that is due, in the mean over bands and slots. */
  #excessDb({ delaySlots, gainsDb }: EchoPath, slot: number, isEarly: boolean): number {
    const drift = isEarly ? driftSlotsEarly : driftSlots;
    let excessDb = 0;
    for (let band = 0; band < bandCount; band += 1) {
      for (let at = 0; at < judgedSlots; at += 1) {
        const dueDb = this.#loudestDb(band, slot - delaySlots - at, drift) + (gainsDb[band] ?? 0);
        const heardDb = this.#microphone.level(slot - at, band);
        excessDb += Math.max(0, heardDb - Math.max(dueDb, noiseDb));
      }
    }
    return excessDb / (bandCount * judgedSlots);
  }

  #loudestDb(band: number, slot: number, drift: number): number {
    let loudest = quietestDb;
    for (let at = slot - drift; at <= slot + drift; at += 1)
      loudest = Math.max(loudest, this.#bot.level(at, band));
    return loudest;
  }
}

/** Between the fewest slots and the most, on a straight line. */
function needed(
  correlation: { readonly fewest: number; readonly most: number },
  slots: number,
): number {
  const share = (slots - fewestSlots) / (comparedSlots - fewestSlots);
  return correlation.fewest + share * (correlation.most - correlation.fewest);
}
