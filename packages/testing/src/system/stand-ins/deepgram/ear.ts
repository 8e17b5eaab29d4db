import { WordDecoder } from '../../../spoken-words.ts';

/** A word and when it was said, in milliseconds from the first sample of the connection. */
export interface HeardWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** What turns the sound of one connection into words; all time is the sound's own. */
export interface Ear {
  /** One step of sound; gives the words that ended in it. */
  hear(step: Int16Array): readonly HeardWord[];
  /** Nothing more of what is being said right now is waited for. */
  finish(): readonly HeardWord[];
  readonly heardMs: number;
  /** Since the last loud step. */
  readonly silentMs: number;
}

/** 10 ms at 16 kHz: how exact the times are. */
export const stepSamples = 160;
const stepMs = 10;
/** A hundredth of full scale: `encodeWords` is ten times as loud, a quiet room a tenth. */
const loudness = 330;

/** Hears the words that `encodeWords` put into the sound, when they were said. */
export class DecodingEar implements Ear {
  readonly #decoder = new WordDecoder();
  #pending: { text: string; startMs: number } | null = null;
  heardMs = 0;
  silentMs = 0;

  hear(step: Int16Array): readonly HeardWord[] {
    const startMs = this.heardMs;
    this.heardMs += stepMs;
    const isLoud = step.some((sample) => Math.abs(sample) > loudness);
    this.silentMs = isLoud ? 0 : this.silentMs + stepMs;
    // Words are loud: silence need not be searched for them.
    if (!isLoud) return this.#end(startMs);
    const ended: HeardWord[] = [];
    for (const text of this.#decoder.write(step)) {
      ended.push(...this.#end(startMs));
      this.#pending = { text, startMs };
    }
    return ended;
  }

  finish(): readonly HeardWord[] {
    return this.#end(this.heardMs);
  }

  #end(endMs: number): readonly HeardWord[] {
    const pending = this.#pending;
    this.#pending = null;
    return pending === null ? [] : [{ ...pending, endMs: Math.max(endMs, pending.startMs) }];
  }
}

/** Speech of this length starts a turn; anything shorter is a click. */
const onsetMs = 60;
const msPerWord = 250;

/** Knows the words beforehand, a text for each stretch of speech: for real voices, which it cannot understand. */
export class PromptedEar implements Ear {
  readonly #nextText: () => string;
  readonly #turnSilenceMs: number;
  #words: string[] = [];
  #loudMs = 0;
  #turn: { saidMs: number; startMs: number } | null = null;
  heardMs = 0;
  silentMs = 0;

  /** After so much silence all words of a text have been said, and the next sound is the next text. */
  constructor(nextText: () => string, turnSilenceMs: number) {
    this.#nextText = nextText;
    this.#turnSilenceMs = turnSilenceMs;
  }

  hear(step: Int16Array): readonly HeardWord[] {
    this.heardMs += stepMs;
    const isLoud = step.some((sample) => Math.abs(sample) > loudness);
    this.#loudMs = isLoud ? this.#loudMs + stepMs : 0;
    this.silentMs = isLoud ? 0 : this.silentMs + stepMs;
    if (this.#turn === null && this.#loudMs >= onsetMs) {
      this.#words = this.#nextText().split(/\s+/).filter(Boolean);
      this.#turn = { saidMs: 0, startMs: this.heardMs - this.#loudMs };
    }
    if (this.#turn === null) return [];
    if (this.silentMs >= this.#turnSilenceMs) return this.finish();
    if (isLoud) this.#turn.saidMs += stepMs;
    return this.#turn.saidMs >= msPerWord ? this.#say(1) : [];
  }

  finish(): readonly HeardWord[] {
    const words = this.#turn === null ? [] : this.#say(this.#words.length);
    this.#turn = null;
    return words;
  }

  #say(count: number): readonly HeardWord[] {
    const turn = this.#turn;
    if (turn === null) return [];
    const texts = this.#words.splice(0, count);
    const spanMs = this.heardMs - turn.startMs;
    const words = texts.map((text, index) => ({
      text,
      startMs: turn.startMs + (spanMs * index) / texts.length,
      endMs: turn.startMs + (spanMs * (index + 1)) / texts.length,
    }));
    this.#turn = { saidMs: 0, startMs: this.heardMs };
    return words;
  }
}
