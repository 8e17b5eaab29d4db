import { VoicebusError, type SpeechPart } from '@voicebus/core';

/** As much as a call's own output queue takes. What is slower than that has no listener. */
const longestQueuedS = 120;

/** Parts between a socket that waits for nobody and their one reader. */
export class PartQueue {
  #parts: SpeechPart[] = [];
  #queuedS = 0;
  #error: VoicebusError | null = null;
  #isEnded = false;
  #wake: () => void = () => {};

  add(parts: readonly SpeechPart[]): void {
    if (this.#isEnded || this.#error) return;
    this.#parts.push(...parts);
    for (const part of parts) this.#queuedS += secondsOf(part);
    if (this.#queuedS > longestQueuedS) {
      this.fail(
        new VoicebusError('queue-full', `nobody takes the sound: ${longestQueuedS} s wait`),
      );
    }
    this.#wake();
  }

  /** Everything was given. */
  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** What was given before is still read. */
  fail(error: VoicebusError): void {
    if (this.#isEnded) return;
    this.#error ??= error;
    this.#wake();
  }

  get isOver(): boolean {
    return this.#isEnded || this.#error !== null;
  }

  /** Ends with the last part, with the error, or at once when the signal aborts. */
  async *read(signal: AbortSignal): AsyncIterable<SpeechPart> {
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const part = this.#parts.shift();
        if (part) {
          this.#queuedS -= secondsOf(part);
          yield part;
        } else if (this.#error) throw this.#error;
        else if (this.#isEnded) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }
}

function secondsOf(part: SpeechPart): number {
  return part.type === 'audio' ? part.pcm.length / part.sampleRateHz : 0;
}
