import { bandCount, FilterBank } from './filter-bank.ts';

/** One measurement per this long. */
export const slotMs = 16;
/** 2.5 s: the longest way to the loudspeaker and back, and what is compared. */
const slots = 160;
/** A stream whose time jumps by more than this begins anew. */
const toleratedMs = 40;
/** A pause that is shorter than this is part of the sound: a sentence that came a little late. */
const bridgedMs = 250;
/** Silence. */
export const quietestDb = -90;
const quietestPower = 1e-9;

/** How loud a sound was in each band, in decibels, slot by slot; it remembers two and a half seconds. */
export class LoudnessTrack {
  readonly #levels = new Float32Array(slots * bandCount).fill(quietestDb);
  readonly #slotOf = new Int32Array(slots).fill(-1);
  readonly #sums = new Float64Array(bandCount);
  #bank: FilterBank | undefined;
  #sampleRateHz = 0;
  #slotSamples = 0;
  #filled = 0;
  /** Time of the next sample. */
  #timeMs = -Infinity;
  #lastSlot = -1;

  /** The last slot that is complete; −1 before the first. */
  get lastSlot(): number {
    return this.#lastSlot;
  }

  /** `startMs` is the time of the first sample. */
  add(samples: Int16Array, sampleRateHz: number, startMs: number): void {
    if (sampleRateHz !== this.#sampleRateHz) this.#open(sampleRateHz);
    const pauseMs = startMs - this.#timeMs;
    if (pauseMs > toleratedMs && pauseMs < bridgedMs) this.#bridge(startMs);
    if (Math.abs(startMs - this.#timeMs) > toleratedMs) this.#restart(startMs);
    for (let at = 0; at < samples.length;) {
      const part = samples.subarray(at, at + this.#slotSamples - this.#filled);
      this.#bank?.add(part, this.#sums);
      at += part.length;
      this.#filled += part.length;
      this.#timeMs += (part.length / sampleRateHz) * 1000;
      if (this.#filled === this.#slotSamples) this.#complete();
    }
  }

  /** Decibels of one band; −90 where there was no sound. */
  level(slot: number, band: number): number {
    const index = slot % slots;
    return this.#slotOf[index] === slot
      ? (this.#levels[index * bandCount + band] ?? quietestDb)
      : quietestDb;
  }

  /** There was sound at all, be it a pause between two words. */
  isSounding(slot: number): boolean {
    return this.#slotOf[slot % slots] === slot;
  }

  #open(sampleRateHz: number): void {
    this.#sampleRateHz = sampleRateHz;
    this.#slotSamples = Math.round((sampleRateHz * slotMs) / 1000);
    this.#bank = new FilterBank(sampleRateHz);
    this.#timeMs = -Infinity;
  }

  /** Up to there it was silent. */
  #bridge(startMs: number): void {
    while (startMs - this.#timeMs >= slotMs) {
      this.#timeMs += slotMs;
      this.#complete();
    }
  }

  #restart(startMs: number): void {
    this.#timeMs = startMs;
    this.#filled = 0;
    this.#sums.fill(0);
  }

  #complete(): void {
    const slot = Math.round(this.#timeMs / slotMs);
    const index = slot % slots;
    this.#slotOf[index] = slot;
    for (let band = 0; band < bandCount; band += 1) {
      const power = (this.#sums[band] ?? 0) / this.#slotSamples;
      this.#levels[index * bandCount + band] = 10 * Math.log10(power + quietestPower);
    }
    this.#lastSlot = slot;
    this.#filled = 0;
    this.#sums.fill(0);
  }
}
