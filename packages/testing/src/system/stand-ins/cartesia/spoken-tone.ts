/** A word of a transcript, as the service says when it sounds: seconds from the start of its context. */
export interface ToneWord {
  readonly text: string;
  readonly startS: number;
  readonly endS: number;
  /** Of the word and of the silence up to the next one. */
  readonly pcm: Int16Array;
}

export interface SpokenToneOptions {
  readonly toneHz: number;
  readonly sampleRateHz: number;
  readonly msPerCharacter: number;
  readonly fromS: number;
}

/** Silence after each word: its time ends where its tone does. */
const gapMs = 20;
/** Whole packets of 20 ms, so that sums of times are sums of samples. */
const stepMs = 20;

/** Speaks each word of a transcript as a tone of its own length. */
export function spokenTone(
  transcript: string,
  { toneHz, sampleRateHz, msPerCharacter, fromS }: SpokenToneOptions,
): ToneWord[] {
  let atMs = fromS * 1000;
  return (transcript.match(/\S+/g) ?? []).map((text) => {
    const toneMs = Math.ceil((text.length * msPerCharacter) / stepMs) * stepMs;
    const pcm = new Int16Array(((toneMs + gapMs) * sampleRateHz) / 1000);
    const samples = (toneMs * sampleRateHz) / 1000;
    const step = (2 * Math.PI * toneHz) / sampleRateHz;
    for (let index = 0; index < samples; index += 1) pcm[index] = 8000 * Math.sin(step * index);
    const word = { text, startS: atMs / 1000, endS: (atMs + toneMs) / 1000, pcm };
    atMs += toneMs + gapMs;
    return word;
  });
}

/** A tone of its own for every voice, from its id: 200 to 520 Hz. */
export function toneOfVoice(voiceId: string): number {
  let sum = 0;
  for (const character of voiceId) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 33;
  return 200 + sum * 10;
}
