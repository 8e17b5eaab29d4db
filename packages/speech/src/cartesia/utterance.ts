import {
  asVoicebusError,
  fairDeadline,
  readUntilAborted,
  type Clock,
  type SpeechPart,
  type VoicebusError,
} from '@voicebus/core';
import { ClauseCutter } from '../clauses/clause-cutter.ts';
import type { CartesiaConnection } from './cartesia-connection.ts';
import { late, refusedBy } from './cartesia-error.ts';
import type { CartesiaLink } from './cartesia-link.ts';
import { MarkedSound } from './marked-sound.ts';
import { PartQueue } from './part-queue.ts';
import { PcmSamples } from './pcm-samples.ts';
import type { ServiceEvent } from './service-event.ts';
import { SpeechContext, type ContextRequest } from './speech-context.ts';

const nothing = (): void => {};

export interface UtteranceOptions extends ContextRequest {
  readonly link: CartesiaLink;
  readonly clock: Clock;
  readonly apiKey: string;
  /** The longest silence of the service while it has something to say. */
  readonly silenceMs: number;
}

/** For the `done` of a context that may be over: it is sent one second after the last sound. */
const expiryWaitMs = 1_000;

/**
 * One message, spoken while it is still written: each clause goes to the service as soon as it is complete.
 * Usually one context; a text that pauses longer than a context lives goes on in another one.
 */
export class Utterance {
  readonly #options: UtteranceOptions;
  readonly #queue = new PartQueue();
  readonly #sound: MarkedSound;
  #context: SpeechContext | null = null;
  #pcm = new PcmSamples();
  #isWritten = false;
  /** The context that speaks got what another one was sent too late. */
  #isSaidAgain = false;
  #cancelWatch = nothing;
  #contextOver: () => void = () => {};

  constructor(options: UtteranceOptions) {
    this.#options = options;
    this.#sound = new MarkedSound(options.sampleRateHz);
  }

  /** Sends the text; whatever goes wrong is an error of `parts`. Never rejects. */
  async write(text: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
    const cutter = new ClauseCutter();
    // Connecting takes as long as a model's first words, where it was not warm.
    void this.#options.link.connection(signal).catch(() => null);
    try {
      for await (const piece of readUntilAborted(text, signal)) {
        for (const clause of piece === null ? cutter.rest() : cutter.write(piece))
          await this.#say(clause, signal);
        if (piece === null) await this.#finish(signal);
      }
    } catch (thrown) {
      this.#fail(asVoicebusError(thrown, 'provider-failed', 'cartesia failed'));
    }
  }

  parts(signal: AbortSignal): AsyncIterable<SpeechPart> {
    return this.#queue.read(signal);
  }

  /** Stops what still sounds. Idempotent. */
  close(): void {
    this.#unwatch();
    this.#contextOver();
    this.#context?.cancel();
    this.#context = null;
  }

  async #say(clause: string, signal: AbortSignal): Promise<void> {
    this.#sound.given(clause);
    // The service refuses a text without words, and there is nothing to hear in it.
    if (!/[\p{L}\p{N}]/u.test(clause)) return;
    await this.#leaveOldContext(signal);
    if (!this.#context) {
      const connection = await this.#options.link.connection(signal);
      if (!connection || this.#queue.isOver || signal.aborted) return;
      this.#open(connection);
    }
    this.#context?.say(clause, this.#sound.characters);
    if (/[.!?…]["')\]]*\s*$/.test(clause)) this.#context?.flush();
    this.#watch();
  }

  async #finish(signal: AbortSignal): Promise<void> {
    await this.#leaveOldContext(signal);
    if (signal.aborted) return;
    this.#isWritten = true;
    if (this.#context) this.#context.end();
    else this.#complete();
    this.#watch();
  }

  /** A context that may have expired gets nothing more; what it still has to say is waited for. */
  async #leaveOldContext(signal: AbortSignal): Promise<void> {
    const context = this.#context;
    if (!context?.mayBeOver) return;
    if (!this.#sound.isSpokenTo(context.saidTo)) await this.#untilOver(signal);
    if (this.#context !== context) return;
    context.leave();
    this.#left(context);
  }

  async #untilOver(signal: AbortSignal): Promise<void> {
    const over = Promise.withResolvers<void>();
    const stop = (): void => over.resolve();
    this.#contextOver = stop;
    signal.addEventListener('abort', stop);
    const cancel = this.#options.clock.after(expiryWaitMs, stop);
    await over.promise;
    cancel();
    signal.removeEventListener('abort', stop);
  }

  #open(connection: CartesiaConnection): SpeechContext {
    this.#sound.restart();
    this.#pcm = new PcmSamples();
    const context: SpeechContext = new SpeechContext(connection, this.#options, {
      clock: this.#options.clock,
      onEvent: (event) => this.#heard(context, event),
      onLost: (error) => this.#lost(context, error),
    });
    this.#context = context;
    return context;
  }

  #heard(context: SpeechContext, event: ServiceEvent): void {
    switch (event.type) {
      case 'sound':
        context.answered();
        this.#isSaidAgain = false;
        this.#queue.add(this.#sound.sound(this.#pcm.take(event.bytes), event.flushId));
        break;
      case 'words':
        this.#queue.add(this.#sound.words(event.words, event.flushId));
        break;
      case 'flushed':
        this.#queue.add(this.#sound.spokenTo(context.flushed(event.flushId) ?? 0));
        break;
      case 'done':
        this.#done(context);
        return;
      case 'refused': {
        const { refusal } = event;
        // Its end reached it after it was over by itself: the service misses a text.
        const isLateEnd = refusal.status === 400 && context.isEnded;
        if (isLateEnd && context.unanswered.length === 0) this.#done(context);
        else this.#lost(context, refusedBy(refusal, this.#options.apiKey));
        return;
      }
    }
    this.#heardFrom();
  }

  #done(context: SpeechContext): void {
    const { unanswered, connection, saidTo, isEnded } = context;
    if (unanswered.length === 0 || this.#isSaidAgain) {
      context.leave();
      this.#left(context);
      return;
    }
    // It was over just before these reached it: another one says them, once.
    context.cancel();
    this.#isSaidAgain = true;
    const next = this.#open(connection);
    for (const clause of unanswered) next.say(clause, saidTo);
    if (isEnded) next.end();
    else next.flush();
    this.#heardFrom();
  }

  /** Everything that it had to say was given. */
  #left(context: SpeechContext): void {
    this.#queue.add(this.#sound.spokenTo(context.saidTo));
    this.#context = null;
    this.#unwatch();
    this.#contextOver();
    if (this.#isWritten) this.#complete();
  }

  #complete(): void {
    this.#queue.add(this.#sound.spokenTo(this.#sound.characters));
    this.#queue.end();
  }

  /** What was said to its last word is said, whatever becomes of its context. */
  #lost(context: SpeechContext, error: VoicebusError): void {
    context.leave();
    if (this.#sound.isSpokenTo(context.saidTo)) this.#left(context);
    else this.#fail(error);
  }

  #fail(error: VoicebusError): void {
    this.#queue.fail(error);
    this.close();
  }

  /** Each sign of life gives the service its time anew; more text does not. */
  #heardFrom(): void {
    this.#unwatch();
    this.#watch();
  }

  #watch(): void {
    const { clock, silenceMs } = this.#options;
    const context = this.#context;
    if (!context?.owes || this.#cancelWatch !== nothing) return;
    const sinceMs = clock.now();
    const giveUp = (): void => {
      const isAllSilent = context.connection.heardAtMs <= sinceMs;
      this.#lost(context, late('gave no sound', silenceMs));
      // Not only this one: it is the connection that died without a word.
      if (isAllSilent) context.connection.drop();
    };
    this.#cancelWatch = fairDeadline({ clock, limitMs: silenceMs, rule: giveUp });
  }

  #unwatch(): void {
    this.#cancelWatch();
    this.#cancelWatch = nothing;
  }
}
