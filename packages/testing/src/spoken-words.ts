/**
 * Audio that carries its own transcript, for tests whose path does not change samples: each word is
 * a burst of a fixed length that starts with two marker samples and holds its letters' codes, so the
 * scripted recogniser hears exactly what the test "said", also when bursts are cut into chunks.
 */
const marker = [0x5a5a, -0x5a5a] as const;
/** Letters are stored from 0x1000 upward: loud enough for a detector that goes by loudness. */
const letterBase = 0x1000;
const sampleRateHz = 16_000;

/** 16 kHz mono: every word of `text` takes `msPerWord`, with letters inside. */
export function encodeWords(text: string, msPerWord = 200): Int16Array {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const samplesPerWord = Math.round((msPerWord * sampleRateHz) / 1000);
  const pcm = new Int16Array(words.length * samplesPerWord);
  words.forEach((word, index) => {
    const codes = Array.from(word, (letter) => letterBase + (letter.codePointAt(0) ?? 0));
    const burst = [...marker, word.length, ...codes];
    if (burst.length > samplesPerWord)
      throw new RangeError(`"${word}" does not fit ${msPerWord} ms`);
    const start = index * samplesPerWord;
    pcm.fill(letterBase, start, start + samplesPerWord);
    pcm.set(burst, start);
  });
  return pcm;
}

/** Silence at 16 kHz. */
export function silence(durationMs: number): Int16Array {
  return new Int16Array(Math.round((durationMs * sampleRateHz) / 1000));
}

/** Finds the words in chunks of any size; a word that is cut is found once its rest arrives. */
export class WordDecoder {
  #rest: readonly number[] = [];

  write(pcm: Int16Array): readonly string[] {
    const samples = [...this.#rest, ...pcm];
    const words: string[] = [];
    let index = 0;
    while (index < samples.length) {
      const burst = samples.slice(index, index + 3);
      const isMarker = burst.every((sample, at) => at === 2 || sample === marker[at]);
      if (!isMarker) {
        index += 1;
        continue;
      }
      const end = index + 3 + (burst[2] ?? 0);
      if (burst.length < 3 || end > samples.length) break;
      const codes = samples.slice(index + 3, end).map((sample) => sample - letterBase);
      words.push(String.fromCodePoint(...codes));
      index = end;
    }
    this.#rest = samples.slice(index);
    return words;
  }
}
