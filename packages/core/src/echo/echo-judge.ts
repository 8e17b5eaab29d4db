import { bestLikeness, type Likeness } from './echo-likeness.ts';
import { bandCount } from './filter-bank.ts';
import { LoudnessTrack, quietestDb, slotMs } from './loudness-track.ts';

/** What is compared to find the way of the echo: up to 640 ms. Short pieces of any two voices look alike. */
const comparedSlots = 40;
const fewestSlots = 20;
/** Network, the browser's jitter buffer, loudspeaker, room, microphone and back: 0 to 700 ms. */
const longestDelaySlots = Math.round(700 / slotMs);
/**
 * Measured over 640 ms: another voice stays below 0.60 in 95 of 100 windows, an echo at −30 dB above 0.93;
 * over 320 ms 0.87 and 0.92.
 */
const echoCorrelation = 0.86;
const echoCorrelationOfFewest = 0.93;
/** Found twice at the same delay: known from then on are its way and how loud it comes back. */
const knownCorrelation = 0.88;
/** Not found so often in a row: there is no such way any more, or never was, as with a headset. */
const lostCorrelation = 0.6;
const longestMisses = 6;
/** While the bot sounds its echo is looked for this often, whether anybody asks or not. */
const searchEverySlots = 24;
/** Where there is none, as with a headset, this often: somebody may take it off. */
const searchEverySlotsClean = 120;
/** The newest 96 ms decide whether there is more in the microphone than the echo that is due. */
const judgedSlots = 6;
/** By so much the microphone may be louder than the echo that is due, in the mean over the bands. */
const explainedDb = 4;
/** Jitter buffers stretch and shrink: the echo is due within two slots, at the start of a spurt within five. */
const driftSlots = 2;
const driftSlotsEarly = 5;
/** The bot began so short a while ago that its echo cannot be told yet: 320 ms and the usual way back. */
const tooEarlySlots = fewestSlots + 16;
/** A way that was not seen for 10 s may be another one by now. */
const forgottenSlots = Math.round(10_000 / slotMs);
/** Within this of its loudest the bot is far enough above the room's noise to measure a gain. */
const loudDb = 15;
/** Quieter than this is the noise of microphones and codecs; −65 dB of full scale per band. */
const noiseDb = -65;

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
  /** Where the last search found the echo; null where it found none. */
  #foundDelaySlots: number | null = null;
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
    this.#learn(this.#search(), slot);
  }

  /**
   * True when what was captured last is the bot's own sound and nothing more; also while the bot began so
   * short a while ago that nobody can tell, unless its sound did not come back before.
   */
  isEcho(capturedMs: number): boolean {
    const slot = this.#microphone.lastSlot;
    if (slot < 0 || this.#isLongSilent(capturedMs)) return false;
    const isEarly = this.#bot.isSounding(slot - 1) && !this.#hasSounded(slot - 1, tooEarlySlots);
    if (this.#path && slot - this.#path.seenSlot > forgottenSlots) this.#path = null;
    if (this.#path && this.#isExplained(this.#path, slot, isEarly)) return true;
    if (!this.#path && isEarly && this.#misses < longestMisses) return true;
    const { correlation, slots, delaySlots } = this.#search();
    const early = (comparedSlots - slots) / (comparedSlots - fewestSlots);
    const needed = echoCorrelation + early * (echoCorrelationOfFewest - echoCorrelation);
    if (correlation < needed) return false;
    if (this.#path) this.#path = { ...this.#path, delaySlots, seenSlot: slot };
    return true;
  }

  #isLongSilent(atMs: number): boolean {
    return atMs / slotMs - this.#bot.lastSlot > longestDelaySlots + comparedSlots;
  }

  /** The bot sounded in all of these slots, up to this one. */
  #hasSounded(lastSlot: number, slots: number): boolean {
    for (let at = 0; at < slots; at += 1) if (!this.#bot.isSounding(lastSlot - at)) return false;
    return true;
  }

  #search(): Likeness {
    return bestLikeness({
      microphone: this.#microphone,
      bot: this.#bot,
      slots: { least: fewestSlots, most: comparedSlots },
      longestDelaySlots,
    });
  }

  #learn({ correlation, delaySlots }: Likeness, seenSlot: number): void {
    const isFound = correlation >= knownCorrelation;
    const before = this.#path?.delaySlots ?? this.#foundDelaySlots;
    const isSame = isFound && before !== null && Math.abs(before - delaySlots) <= driftSlots;
    this.#foundDelaySlots = isFound ? delaySlots : null;
    if (isFound) this.#misses = 0;
    else if (correlation < lostCorrelation) this.#misses += 1;
    if (isSame) {
      const gainsDb = Array.from({ length: bandCount }, (_, band) =>
        this.#gainDb(band, seenSlot, delaySlots),
      );
      this.#path = { delaySlots, gainsDb, seenSlot };
    } else if (this.#misses >= longestMisses) this.#path = null;
  }

  /** The median over the slots in which the bot was loud in this band. */
  #gainDb(band: number, slot: number, delaySlots: number): number {
    const pairs = Array.from({ length: comparedSlots }, (_, at) => ({
      bot: this.#bot.level(slot - delaySlots - at, band),
      microphone: this.#microphone.level(slot - at, band),
    }));
    const loudest = Math.max(...pairs.map(({ bot }) => bot));
    const gains = pairs
      .filter(({ bot }) => bot > loudest - loudDb)
      .map(({ bot, microphone }) => microphone - bot)
      .toSorted((first, second) => first - second);
    return gains[gains.length >> 1] ?? 0;
  }

  #isExplained({ delaySlots, gainsDb }: EchoPath, slot: number, isEarly: boolean): boolean {
    const drift = isEarly ? driftSlotsEarly : driftSlots;
    let excessDb = 0;
    for (let band = 0; band < bandCount; band += 1) {
      for (let at = 0; at < judgedSlots; at += 1) {
        const dueDb = this.#loudestDb(band, slot - delaySlots - at, drift) + (gainsDb[band] ?? 0);
        const heardDb = this.#microphone.level(slot - at, band);
        excessDb += Math.max(0, heardDb - Math.max(dueDb, noiseDb));
      }
    }
    return excessDb / (bandCount * judgedSlots) < explainedDb;
  }

  #loudestDb(band: number, slot: number, drift: number): number {
    let loudest = quietestDb;
    for (let at = slot - drift; at <= slot + drift; at += 1)
      loudest = Math.max(loudest, this.#bot.level(at, band));
    return loudest;
  }
}
