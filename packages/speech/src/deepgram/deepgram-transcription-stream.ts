import type { TranscriptionStream, TranscriptionStreamOptions } from '@voicebus/core';
import { fairDeadline, VoicebusError } from '@voicebus/core';
import type { DeepgramService } from './deepgram.ts';
import { lateError } from './deepgram-error.ts';
import type { Heard } from './heard.ts';
import { SteadyConnection } from './steady-connection.ts';
import { Transcript } from './transcript.ts';
import { Utterance } from './utterance.ts';

export interface DeepgramStreamOptions extends TranscriptionStreamOptions {
  readonly service: DeepgramService;
  readonly onClosed: () => void;
}

/** Where nobody speaks, this much sound is kept for whoever begins to. */
const idleBacklogMs = 500;
/** A service that still sends words is only behind; it is waited for this long in all. */
const longestFinalMs = 2_500;
/** A cough has no words: where a service was never heard to report on such sound, its silence says less. */
const unpromisedQuietMs = 6_000;

/**
 * One caller's recogniser. The sound of the whole call goes to the service, which hears turns in it or only
 * words; whose words they are, and that each of our utterances gets one final, is decided here.
 */
export class DeepgramTranscriptionStream implements TranscriptionStream {
  readonly #options: DeepgramStreamOptions;
  readonly #connection: SteadyConnection;
  readonly #transcript = new Transcript();
  /** Ended, and not yet answered. */
  #ended: Utterance[] = [];
  #open: Utterance | null = null;
  /** Words up to here have been given to somebody. */
  #givenMs = 0;
  /** It has said something about sound without words: so it can be expected to. */
  #reportsSilence = false;
  #isClosed = false;

  constructor(options: DeepgramStreamOptions) {
    this.#options = options;
    this.#connection = new SteadyConnection({
      service: options.service,
      signal: options.signal,
      onHeard: (heard) => this.#heard(heard),
      onBroken: () => this.#broken(),
      onSent: (upToMs) => this.#ask(upToMs),
      onFailed: (error) => this.#fail(error),
    });
  }

  async open(): Promise<void> {
    this.#options.signal.addEventListener('abort', this.#onAbort, { once: true });
    try {
      if (this.#options.signal.aborted) throw new VoicebusError('aborted', 'The call is over.');
      await this.#connection.open();
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  startUtterance(utteranceId: string): void {
    if (this.#isClosed) return;
    if (this.#open !== null) this.endUtterance(this.#open.id);
    this.#open = new Utterance(utteranceId, {
      startMs: this.#connection.writtenMs,
      notBeforeMs: this.#ended.at(-1)?.endMs ?? this.#givenMs,
      nowMs: this.#options.service.clock.now(),
    });
  }

  write(pcm: Int16Array): void {
    if (this.#isClosed) return;
    this.#connection.write(pcm);
    if (this.#first() === null) this.#connection.forget(this.#connection.writtenMs - idleBacklogMs);
    else if (this.#isLate()) this.#giveUp();
  }

  endUtterance(utteranceId: string): void {
    const utterance = this.#open;
    if (this.#isClosed || utterance?.id !== utteranceId) return;
    this.#open = null;
    const { clock, finalTimeoutMs } = this.#options.service;
    const endMs = this.#connection.writtenMs;
    utterance.end(endMs);
    this.#ended.push(utterance);
    // Sound that came faster than it was spoken (words recorded before the call stood) has to be heard first.
    const lengthMs = endMs - utterance.startMs;
    const aheadMs = Math.max(0, lengthMs - (clock.now() - utterance.startedAtMs));
    utterance.latestMs = clock.now() + aheadMs + longestFinalMs;
    this.#awaitFinal(utterance, aheadMs + finalTimeoutMs);
    // The service may have said already that this turn is over.
    this.#settle();
    this.#connection.flush();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#options.signal.removeEventListener('abort', this.#onAbort);
    for (const utterance of this.#ended) utterance.cancelDeadline();
    this.#ended = [];
    this.#open = null;
    this.#connection.close();
    this.#options.onClosed();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  readonly #onAbort = (): void => this.close();

  /** The oldest utterance that is not answered. */
  #first(): Utterance | null {
    return this.#ended[0] ?? this.#open;
  }

  #heard({ segment, turn, isAnswer }: Heard): void {
    if (segment.text === '' && !segment.isFinal) this.#reportsSilence = true;
    this.#transcript.hear(segment);
    const asked = this.#ended.find((utterance) => utterance.asked > 0);
    if (isAnswer && asked !== undefined) asked.isAnswered = true;
    this.#settle();
    this.#askAgain(segment.endMs);
    for (const utterance of this.#ended)
      if (this.#sayInterim(utterance))
        this.#awaitFinal(utterance, this.#options.service.finalTimeoutMs);
    const open = this.#open;
    if (open !== null) {
      this.#sayInterim(open);
      if (turn !== null) this.#sayTurn(open, turn);
    }
    this.#transcript.forget(this.#first()?.fromMs ?? this.#connection.writtenMs - idleBacklogMs);
    if (this.#first() !== null) this.#connection.forget(this.#neededFromMs());
  }

  #sayInterim(utterance: Utterance): boolean {
    const { text } = this.#transcript.of(utterance.span);
    if (text === '' || text === utterance.interim) return false;
    utterance.interim = text;
    this.#options.onResult({ type: 'interim', utteranceId: utterance.id, text });
    return true;
  }

  /** Only what is said of this utterance's own words. */
  #sayTurn(utterance: Utterance, turn: NonNullable<Heard['turn']>): void {
    const { id: utteranceId, span } = utterance;
    const { onResult } = this.#options;
    const { text } = this.#transcript.of(span);
    if (text === '') return;
    if (!utterance.isInTurn && this.#transcript.isRunningIn(span)) {
      utterance.isInTurn = true;
      onResult({ type: 'turn-started', utteranceId, text });
    }
    if (turn === 'runs' || !utterance.isInTurn) return;
    if (turn === 'eager-end') onResult({ type: 'eager-end', utteranceId, text });
    else if (turn === 'resumed') onResult({ type: 'turn-resumed', utteranceId, text });
    else {
      utterance.turnEnded(this.#connection.writtenMs);
      onResult({ type: 'end-of-turn', utteranceId, text });
    }
  }

  /** Gives each ended utterance its final, in order, once nothing more of it is to be expected. */
  #settle(): void {
    for (let utterance = this.#ended[0]; utterance !== undefined; utterance = this.#ended[0]) {
      const isRunning = this.#transcript.isRunningIn(utterance.span);
      const isFinished = this.#transcript.isFinishedIn(utterance.span);
      if (isRunning && !utterance.isAnswered) return;
      if (!utterance.isHeard(this.#transcript.listenedMs, isFinished)) return;
      this.#finish(utterance);
    }
  }

  #finish(utterance: Utterance): void {
    utterance.cancelDeadline();
    this.#ended = this.#ended.filter((other) => other !== utterance);
    const understood = this.#transcript.of(utterance.span);
    this.#givenMs = understood.words.at(-1)?.endMs ?? this.#givenMs;
    this.#transcript.forget(this.#first()?.fromMs ?? Infinity);
    this.#options.onResult(utterance.final(understood));
  }

  #awaitFinal(utterance: Utterance, withinMs: number): void {
    const { clock } = this.#options.service;
    const delayMs = Math.min(withinMs, utterance.latestMs - clock.now());
    utterance.cancelDeadline();
    utterance.cancelDeadline = fairDeadline({
      clock,
      limitMs: delayMs,
      rule: () => this.#overdue(utterance),
      onStoodStill: (ms) => {
        utterance.latestMs += ms;
      },
    });
  }

  #overdue(utterance: Utterance): void {
    const { clock, finalTimeoutMs } = this.#options.service;
    const { isConnected } = this.#connection;
    const isNothing = this.#transcript.of(utterance.span).text === '';
    const isOwed = this.#connection.owedMs(utterance.startedAtMs) >= finalTimeoutMs;
    const mayStillCome = clock.now() < utterance.latestMs;
    // Its sound is on the way again, on another connection; or the service has not come to it yet.
    if (mayStillCome && (!isConnected || (isNothing && isOwed)))
      this.#awaitFinal(utterance, longestFinalMs);
    else if (isNothing && (!isConnected || this.#isLate())) this.#giveUp();
    else this.#finish(utterance);
  }

  /** Whether the service has been silent about somebody's sound for longer than it ever is. */
  #isLate(): boolean {
    const first = this.#first();
    if (first === null) return false;
    const { answerTimeoutMs } = this.#options.service;
    const limitMs = this.#reportsSilence
      ? answerTimeoutMs
      : Math.max(answerTimeoutMs, unpromisedQuietMs);
    return this.#connection.owedMs(first.startedAtMs) > limitMs;
  }

  #ask(upToMs: number): void {
    if (!this.#options.service.canAskForEnd) return;
    for (const utterance of this.#ended) {
      if (utterance.asked > 0 || (utterance.endMs ?? Infinity) > upToMs) continue;
      utterance.asked += 1;
      this.#connection.askForEnd();
    }
  }

  /** A turn that the service noticed only after it had been asked for its end, and had none to end. */
  #askAgain(listenedMs: number): void {
    const [utterance] = this.#ended;
    if (utterance?.asked !== 1 || listenedMs < (utterance.endMs ?? Infinity)) return;
    if (!this.#transcript.isRunningIn(utterance.span)) return;
    utterance.asked += 1;
    this.#connection.askForEnd();
  }

  /** From when on the next connection would have to hear the call again. */
  #neededFromMs(): number {
    const first = this.#first();
    if (first === null) return Math.max(0, this.#connection.writtenMs - idleBacklogMs);
    return Math.max(first.fromMs, this.#transcript.finishedMs);
  }

  #broken(): number {
    this.#transcript.breakOff();
    for (const utterance of this.#ended) utterance.asked = 0;
    if (this.#open !== null) this.#open.isInTurn = false;
    return this.#neededFromMs();
  }

  #giveUp(): void {
    this.#connection.break(lateError('has said nothing about sound for too long'));
  }

  #fail(error: VoicebusError): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.onError(error);
  }
}
