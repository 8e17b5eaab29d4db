/** One message's text between a writer that never waits and one reader. */
export class TextQueue {
  #pieces: string[] = [];
  #isFinished = false;
  #wake: (() => void) | undefined;

  write(text: string): void {
    this.#pieces.push(text);
    this.#wake?.();
  }

  finish(): void {
    this.#isFinished = true;
    this.#wake?.();
  }

  /** The pieces as they come; ends when the text is complete or the signal aborts. */
  async *pieces(signal: AbortSignal): AsyncIterable<string> {
    const wake = (): void => this.#wake?.();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const piece = this.#pieces.shift();
        if (piece !== undefined) yield piece;
        else if (this.#isFinished) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }

  /** How long the text is after each piece. */
  async *lengths(signal: AbortSignal): AsyncIterable<number> {
    let length = 0;
    for await (const piece of this.pieces(signal)) {
      length += piece.length;
      yield length;
    }
  }
}
