import { getEventListeners } from 'node:events';
import type { SpeechPart, TextToSpeech } from '@voicebus/core';
import { Seen } from '../bus-conformance/seen.ts';

/** One message that is spoken: its text by hand, its parts as they come. */
export class Message {
  readonly #text = new Seen<string | null>();
  readonly #parts = new Seen<SpeechPart | 'over'>();
  readonly #abort = new AbortController();
  readonly #limitMs: number;
  /** Rejects as the voices do. */
  readonly ended: Promise<void>;

  constructor(
    textToSpeech: TextToSpeech,
    { voice = 'bright', limitMs }: { readonly voice?: string; readonly limitMs: number },
  ) {
    this.#limitMs = limitMs;
    this.ended = this.#read(textToSpeech, voice);
    // Who is not interested in how it ends need not say so.
    this.ended.catch(() => {});
  }

  /** A whole text at once, in pieces of this size. */
  static of(
    textToSpeech: TextToSpeech,
    text: string,
    options: { readonly voice?: string; readonly limitMs: number; readonly size?: number },
  ): Message {
    const message = new Message(textToSpeech, options);
    const { size = text.length } = options;
    for (let at = 0; at < text.length; at += size) message.write(text.slice(at, at + size));
    message.finish();
    return message;
  }

  write(piece: string): void {
    this.#text.add(piece);
  }

  finish(): void {
    this.#text.add(null);
  }

  stop(): void {
    this.#abort.abort();
  }

  get parts(): readonly SpeechPart[] {
    return this.#parts.items.filter((part) => part !== 'over');
  }

  /** Milliseconds of sound so far. */
  get soundMs(): number {
    return this.parts.reduce(
      (sum, part) =>
        sum + (part.type === 'audio' ? (part.pcm.length * 1000) / part.sampleRateHz : 0),
      0,
    );
  }

  get marks(): number[] {
    return this.parts.flatMap((part) => (part.type === 'mark' ? [part.characters] : []));
  }

  get samples(): Int16Array[] {
    return this.parts.flatMap((part) => (part.type === 'audio' ? [part.pcm] : []));
  }

  /** Listeners that the voices left on the signal: none, once it has ended. */
  get listeners(): number {
    return getEventListeners(this.#abort.signal, 'abort').length;
  }

  untilSound(): Promise<void> {
    return this.#parts.until(() => this.soundMs > 0, 'the first sound', this.#limitMs);
  }

  async #read(textToSpeech: TextToSpeech, voice: string): Promise<void> {
    const { signal } = this.#abort;
    const text = this.#pieces();
    try {
      for await (const part of textToSpeech.speak({ sessionId: 'session-1', text, voice, signal }))
        this.#parts.add(part);
    } finally {
      this.#parts.add('over');
    }
  }

  async *#pieces(): AsyncIterable<string> {
    for (let read = 0; ; read += 1) {
      if (this.#text.items.length <= read)
        await this.#text.until((items) => items.length > read, 'text', 2 ** 30);
      const piece = this.#text.items[read];
      if (piece === null || piece === undefined) return;
      yield piece;
    }
  }
}
