import type { SpeechToText, TranscriptionResult, TranscriptionStream } from '@voicebus/core';
import { Seen } from '../bus-conformance/seen.ts';
import { silence } from '../spoken-words.ts';

/** 20 ms, as packets come from a microphone. */
const frameSamples = 320;

/** One caller of the recogniser under test: what they say, and what came of it. */
export class Caller {
  readonly stream: TranscriptionStream;
  readonly #seen: Seen<TranscriptionResult | Error>;
  readonly #abort: AbortController;
  readonly #limitMs: number;

  private constructor(options: {
    stream: TranscriptionStream;
    seen: Seen<TranscriptionResult | Error>;
    abort: AbortController;
    limitMs: number;
  }) {
    this.stream = options.stream;
    this.#seen = options.seen;
    this.#abort = options.abort;
    this.#limitMs = options.limitMs;
  }

  static async call(speechToText: SpeechToText, limitMs: number): Promise<Caller> {
    const seen = new Seen<TranscriptionResult | Error>();
    const abort = new AbortController();
    const stream = await speechToText.open({
      sessionId: 'session-1',
      onResult: (result) => seen.add(result),
      onError: (error) => seen.add(error),
      signal: abort.signal,
    });
    return new Caller({ stream, seen, abort, limitMs });
  }

  hangUp(): void {
    this.#abort.abort();
  }

  write(pcm: Int16Array): void {
    for (let at = 0; at < pcm.length; at += frameSamples)
      this.stream.write(pcm.subarray(at, at + frameSamples));
  }

  /** An utterance, and the silence that goes on after it. */
  say(id: string, pcm: Int16Array): void {
    this.stream.startUtterance(id);
    this.write(pcm);
    this.write(silence(300));
    this.stream.endUtterance(id);
    this.write(silence(600));
  }

  get items(): readonly (TranscriptionResult | Error)[] {
    return this.#seen.items;
  }

  of(id: string): readonly TranscriptionResult[] {
    return this.items.filter(
      (item): item is TranscriptionResult => !(item instanceof Error) && item.utteranceId === id,
    );
  }

  get errors(): readonly Error[] {
    return this.items.filter((item): item is Error => item instanceof Error);
  }

  async final(id: string): Promise<Extract<TranscriptionResult, { type: 'final' }>> {
    const finals = (): readonly TranscriptionResult[] =>
      this.of(id).filter(({ type }) => type === 'final');
    await this.until(() => finals().length > 0, `a final of ${id}`);
    const [final] = finals();
    if (final?.type !== 'final') throw new Error(`${id} has no final.`);
    return final;
  }

  until(isDone: () => boolean, what: string): Promise<void> {
    return this.#seen.until(isDone, what, this.#limitMs);
  }
}
