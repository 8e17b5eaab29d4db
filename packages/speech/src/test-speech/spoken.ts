import type { SpeechPart, TextToSpeech, VoicebusError } from '@voicebus/core';

/** One message as it is spoken: its parts so far, and how it ended. */
export class Spoken {
  readonly parts: SpeechPart[] = [];
  /** Null: it ended well, or was stopped. */
  readonly ended: Promise<VoicebusError | null>;
  readonly #controller = new AbortController();
  #wake: () => void = () => {};

  constructor(tts: TextToSpeech, written: AsyncIterable<string> | string, voice: string) {
    const text = typeof written === 'string' ? pieces(written) : written;
    const { signal } = this.#controller;
    const read = async (): Promise<null> => {
      for await (const part of tts.speak({ sessionId: 's1', text, voice, signal })) {
        this.parts.push(part);
        this.#wake();
      }
      return null;
    };
    this.ended = read().catch((error: VoicebusError) => error);
    void this.ended.then(() => this.#wake());
  }

  stop(): void {
    this.#controller.abort();
  }

  async until(isSo: (spoken: Spoken) => boolean): Promise<void> {
    while (!isSo(this)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Milliseconds of sound so far. */
  get soundMs(): number {
    return this.marks.at(-1)?.atMs ?? 0;
  }

  /** Where the marks stand in the sound; the last one is the end of the sound, with what is marked. */
  get marks(): { readonly atMs: number; readonly characters: number }[] {
    let atMs = 0;
    const marks: { atMs: number; characters: number }[] = [];
    for (const part of this.parts) {
      if (part.type === 'mark') marks.push({ atMs: Math.round(atMs), characters: part.characters });
      else atMs += (part.pcm.length * 1000) / part.sampleRateHz;
    }
    return [...marks, { atMs: Math.round(atMs), characters: marks.at(-1)?.characters ?? 0 }];
  }

  /** The text as the marks cut it. */
  cutsOf(text: string): string[] {
    let at = 0;
    const cuts = this.marks.slice(0, -1).map(({ characters }) => {
      const cut = text.slice(at, characters);
      at = characters;
      return cut;
    });
    return cuts;
  }
}

export async function* pieces(...texts: string[]): AsyncIterable<string> {
  yield* texts;
}

/** Text whose pieces come when the test says so. */
export class WrittenText implements AsyncIterable<string> {
  readonly #pieces: string[] = [];
  #isFinished = false;
  #wake: () => void = () => {};

  write(piece: string): void {
    this.#pieces.push(piece);
    this.#wake();
  }

  finish(): void {
    this.#isFinished = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<string> {
    for (;;) {
      const piece = this.#pieces.shift();
      if (piece !== undefined) yield piece;
      else if (this.#isFinished) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
