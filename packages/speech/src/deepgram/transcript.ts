import type { HeardWord, Segment } from './heard.ts';

export interface Understood {
  readonly text: string;
  readonly words: readonly HeardWord[];
}

/** A stretch of the call, in milliseconds of its sound. */
export interface Span {
  readonly fromMs: number;
  /** Words that are said after it belong to somebody else. */
  readonly untilMs: number;
}

/**
 * What was understood of a call lately: finished segments, and the one that runs. Whose words they are is
 * decided by when they were said, since the service's turns and our utterances do not begin and end together.
 */
export class Transcript {
  #finished: Segment[] = [];
  #running: Segment | null = null;
  /** The end of what is finished: a new connection need not hear it again. */
  #finishedMs = 0;
  /** Everything up to here has been listened to. */
  #listenedMs = 0;

  hear(segment: Segment): void {
    this.#listenedMs = Math.max(this.#listenedMs, segment.endMs);
    if (!segment.isFinal) {
      this.#running = segment.text === '' ? null : segment;
      return;
    }
    this.#running = null;
    this.#finishedMs = Math.max(this.#finishedMs, segment.endMs);
    if (segment.text !== '') this.#finished.push(segment);
  }

  get finishedMs(): number {
    return this.#finishedMs;
  }

  get listenedMs(): number {
    return this.#listenedMs;
  }

  /** Something was begun in this span and is not finished. */
  isRunningIn(span: Span): boolean {
    return this.#running !== null && cut(this.#running, span).text !== '';
  }

  /** Something was finished in this span. */
  isFinishedIn(span: Span): boolean {
    return this.#finished.some((segment) => cut(segment, span).text !== '');
  }

  of(span: Span): Understood {
    const segments = this.#running === null ? this.#finished : [...this.#finished, this.#running];
    const parts = segments.map((segment) => cut(segment, span)).filter(({ text }) => text !== '');
    return {
      text: parts.map(({ text }) => text).join(' '),
      words: parts.flatMap(({ words }) => words),
    };
  }

  /** The connection is gone: what it had begun is heard again on the next one, or never. */
  breakOff(): void {
    this.#running = null;
    this.#listenedMs = this.#finishedMs;
  }

  forget(beforeMs: number): void {
    this.#finished = this.#finished.filter(({ endMs }) => endMs > beforeMs);
  }
}

function cut(segment: Segment, { fromMs, untilMs }: Span): Understood {
  const isOutside = segment.endMs <= fromMs || segment.startMs >= untilMs;
  if (segment.words.length === 0) return { text: isOutside ? '' : segment.text, words: [] };
  const words = segment.words.filter(({ startMs, endMs }) => {
    const middleMs = (startMs + endMs) / 2;
    return middleMs >= fromMs && middleMs < untilMs;
  });
  if (words.length === segment.words.length) return { text: segment.text, words };
  return { text: words.map(({ text }) => text).join(' '), words };
}
