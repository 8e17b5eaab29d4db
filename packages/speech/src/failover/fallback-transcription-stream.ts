import {
  asVoicebusError,
  fairDeadline,
  healthAfter,
  providerError,
  VoicebusError,
  type Clock,
  type ProviderChain,
  type SpeechToText,
  type TranscriptionResult,
  type TranscriptionStream,
  type TranscriptionStreamOptions,
} from '@voicebus/core';
import { CallTape } from './call-tape.ts';
import { ChosenStream } from './chosen-stream.ts';

export interface FallbackStreamOptions extends TranscriptionStreamOptions {
  readonly chain: ProviderChain<SpeechToText>;
  readonly clock: Clock;
  readonly finalTimeoutMs: number;
  readonly onClosed: () => void;
}

interface Failed {
  readonly provider: SpeechToText;
  readonly error: VoicebusError;
}

/** How often it is looked whether a better choice is back: circuits are open for seconds. */
const lookEveryMs = 500;

/** One caller, heard by the best recogniser that is well. */
export class FallbackTranscriptionStream implements TranscriptionStream {
  readonly #options: FallbackStreamOptions;
  readonly #tape = new CallTape();
  readonly #over = new AbortController();
  #chosen: ChosenStream | null = null;
  /** A better one, opened while the other still listens. */
  #next: ChosenStream | null = null;
  #isReturning = false;
  /** Since the last final the one that failed was opened anew, for want of another. */
  #isAskedAgain = false;
  #lookedMs: number;
  readonly #deadlines = new Map<string, () => void>();
  #isClosed = false;

  constructor(options: FallbackStreamOptions) {
    this.#options = options;
    this.#lookedMs = options.clock.now();
  }

  /** Sound can be written at once: it is kept until somebody listens, and no call waits for a connection. */
  open(): void {
    this.#options.signal.addEventListener('abort', this.#onAbort, { once: true });
    this.#chooseOrFail(null);
  }

  startUtterance(utteranceId: string): void {
    if (this.#isClosed) return;
    const { runningId } = this.#tape;
    if (runningId !== null) this.endUtterance(runningId);
    this.#tape.start(utteranceId);
    this.#chosen?.stream?.startUtterance(utteranceId);
  }

  write(pcm: Int16Array): void {
    if (this.#isClosed) return;
    this.#tape.write(pcm);
    this.#chosen?.stream?.write(pcm);
    this.#lookForBetter();
  }

  endUtterance(utteranceId: string): void {
    if (this.#isClosed || !this.#tape.end(utteranceId)) return;
    const { clock, finalTimeoutMs } = this.#options;
    this.#deadlines.set(
      utteranceId,
      fairDeadline({
        clock,
        limitMs: finalTimeoutMs,
        rule: () => this.#overdue(utteranceId),
      }),
    );
    this.#chosen?.stream?.endUtterance(utteranceId);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    this.#over.abort();
    for (const cancel of this.#deadlines.values()) cancel();
    this.#deadlines.clear();
    this.#next?.leave();
    this.#chosen?.leave();
    this.#chosen = null;
    this.#options.onClosed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  readonly #onAbort = (): void => this.close();

  /** Opens the best that is well and lets it hear what has no final yet. Throws where there is none. */
  async #choose(failed: Failed | null): Promise<void> {
    const { chain } = this.#options;
    let error = new VoicebusError('provider-failed', 'No recogniser is left.');
    const others = chain.candidates().filter((provider) => provider !== failed?.provider);
    for (const provider of [...others, ...this.#again(failed)]) {
      if (this.#isClosed) throw new VoicebusError('aborted', 'The call is over.');
      if (provider === failed?.provider) this.#isAskedAgain = true;
      try {
        this.#listenTo(await this.#openAt(provider));
        return;
      } catch (thrown) {
        error = asVoicebusError(thrown, 'provider-failed', `${provider.name} does not open`);
      }
    }
    throw error;
  }

  /**
   * Nobody else hears the sentence that is being said: who failed hears it from its beginning, once, unless it
   * said that it will not.
   */
  #again(failed: Failed | null): readonly SpeechToText[] {
    if (failed === null || this.#isAskedAgain || this.#tape.isIdle) return [];
    return healthAfter(failed.error) === 'refused' ? [] : [failed.provider];
  }

  #openAt(provider: SpeechToText): Promise<ChosenStream> {
    const { chain, sessionId } = this.#options;
    let opened: ChosenStream | null = null;
    const opening = ChosenStream.open(
      {
        chain,
        provider,
        sessionId,
        onResult: (result) => this.#result(result),
        onFailed: (error) => this.#failed(opened, error),
      },
      this.#over.signal,
    );
    return opening.then((chosen) => (opened = chosen));
  }

  #listenTo(chosen: ChosenStream): void {
    if (this.#isClosed) {
      chosen.leave();
      return;
    }
    this.#chosen = chosen;
    for (const event of this.#tape.play()) {
      // It may fail on the way: then somebody else gets all of it.
      if (this.#chosen !== chosen) return;
      if (event.type === 'sound') chosen.stream?.write(event.pcm);
      else if (event.type === 'start') chosen.stream?.startUtterance(event.utteranceId);
      else chosen.stream?.endUtterance(event.utteranceId);
    }
  }

  #result(result: TranscriptionResult): void {
    const { type, utteranceId } = result;
    if (this.#isClosed || !this.#tape.isPending(utteranceId)) return;
    if (type === 'final') {
      this.#deadlines.get(utteranceId)?.();
      this.#deadlines.delete(utteranceId);
      this.#tape.settle(utteranceId);
      this.#chosen?.heard();
      this.#isAskedAgain = false;
    } else if (type !== 'interim' && this.#tape.runningId !== utteranceId) return;
    this.#options.onResult(result);
    if (this.#next !== null) this.#moveOver();
  }

  #failed(failed: ChosenStream | null, error: VoicebusError): void {
    if (this.#isClosed) return;
    if (failed === this.#next) this.#next = null;
    if (failed !== this.#chosen || failed === null) return;
    this.#chosen = null;
    const next = this.#next;
    this.#next = null;
    if (next !== null) {
      this.#listenTo(next);
      return;
    }
    this.#chooseOrFail({ provider: failed.provider, error });
  }

  #chooseOrFail(failed: Failed | null): void {
    this.#choose(failed).catch((thrown: unknown) => {
      if (this.#isClosed) return;
      this.close();
      const last = this.#options.chain.providers.length > 1 ? thrown : (failed?.error ?? thrown);
      this.#options.onError(asVoicebusError(last, 'provider-failed', 'No recogniser is left'));
    });
  }

  #overdue(utteranceId: string): void {
    this.#deadlines.delete(utteranceId);
    if (this.#chosen === null) return;
    const { provider } = this.#chosen;
    const message = `${provider.name} gave no final in ${this.#options.finalTimeoutMs} ms`;
    this.#chosen.fail(providerError({ provider: provider.name, fault: 'late', message }));
  }

  /** A choice that is back is opened beside the one that listens, which goes on until nobody speaks. */
  #lookForBetter(): void {
    const { clock, chain } = this.#options;
    if (this.#chosen === null || this.#isReturning || this.#next !== null) return;
    if (clock.now() - this.#lookedMs < lookEveryMs) return;
    this.#lookedMs = clock.now();
    const better = chain.better(this.#chosen.provider);
    if (better === null) return;
    this.#isReturning = true;
    this.#openAt(better)
      .then(
        (chosen) => {
          if (this.#isClosed || this.#chosen === null) chosen.leave();
          else this.#next = chosen;
        },
        // Its circuit knows; the one that listens goes on.
        () => {},
      )
      .finally(() => {
        this.#isReturning = false;
        this.#moveOver();
      });
  }

  #moveOver(): void {
    const next = this.#next;
    if (next === null || !this.#tape.isIdle || this.#isClosed) return;
    this.#next = null;
    const before = this.#chosen;
    this.#listenTo(next);
    before?.leave();
  }
}
