/** One message's text between a writer that never waits and its readers, one after the other. */
export class TextQueue {
  readonly #now: () => number;
  #text = '';
  #isFinished = false;
  #waiting = 0;
  #waitedUntilMs = -Infinity;
  #wake: (() => void) | undefined;

  /** `now`: the clock that waits are measured with. */
  constructor(now: () => number) {
    this.#now = now;
  }

  write(text: string): void {
    this.#text += text;
    this.#wake?.();
  }

  finish(): void {
    this.#isFinished = true;
    this.#wake?.();
  }

  /** What was written so far. */
  get text(): string {
    return this.#text;
  }

  /** Nothing more will be written. */
  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** Since when the reader has had something to go on with; null while it waits for more. */
  get readableSinceMs(): number | null {
    return this.#waiting > 0 ? null : this.#waitedUntilMs;
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
    this.#waiting += 1;
    await new Promise<void>((resolve) => (this.#wake = resolve));
    this.#waiting -= 1;
    this.#waitedUntilMs = this.#now();
  }
}
