/** One message's text between a writer that never waits and its readers. */
export class TextQueue {
  #text = '';
  #isFinished = false;
  #isReaderWaiting = false;
  #wake: (() => void) | undefined;

  write(text: string): void {
    this.#text += text;
    this.#wake?.();
  }

  finish(): void {
    this.#isFinished = true;
    this.#wake?.();
  }

  /** The reader has all there is so far, and more will come. */
  get isReaderWaiting(): boolean {
    return this.#isReaderWaiting;
  }

  /** What was written from this character on, as it comes; ends when it is complete or the signal aborts. */
  async *pieces(signal: AbortSignal, from = 0): AsyncIterable<string> {
    const wake = (): void => this.#wake?.();
    signal.addEventListener('abort', wake);
    let read = from;
    try {
      while (!signal.aborted) {
        if (read < this.#text.length) {
          const piece = this.#text.slice(read);
          read = this.#text.length;
          yield piece;
        } else if (this.#isFinished) return;
        else await this.#more();
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** How long the text is after each piece. */
  async *lengths(signal: AbortSignal, from = 0): AsyncIterable<number> {
    let length = from;
    for await (const piece of this.pieces(signal, from)) {
      length += piece.length;
      yield length;
    }
  }

  async #more(): Promise<void> {
    this.#isReaderWaiting = true;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#isReaderWaiting = false;
  }
}
