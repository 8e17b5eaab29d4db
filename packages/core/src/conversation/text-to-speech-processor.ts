import { systemClock, type Clock } from '../clock/clock.ts';
import { isExhausted } from '../errors/provider-error.ts';
import { asVoicebusError, VoicebusError } from '../errors/voicebus-error.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { nextId } from '../identity/random-id.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import { guardedStream } from '../pipeline/guarded-stream.ts';
import type { PipelineEnvironment } from '../pipeline/pipeline-environment.ts';
import type { TextToSpeech } from '../speech/text-to-speech.ts';
import { TextQueue } from './text-queue.ts';

export interface TextToSpeechProcessorOptions {
  readonly tts: TextToSpeech;
  /** Until an agent with a voice of its own speaks. */
  readonly voice: string;
  /** False for a caller without sound: text then counts as heard when it is shown. */
  readonly isAudible?: () => boolean;
}

/** A voice that gives no sound for this long, with text to speak, gives none. */
const stallMs = 5_000;
/** What was not spoken is tried once more; then the caller reads it. */
const maxAttempts = 2;

interface Message {
  readonly type: 'message';
  readonly turnId: string;
  readonly messageId: string;
  readonly text: TextQueue;
}

type Outcome = 'spoken' | 'again' | 'unspoken';

/** What is spoken or handed on, strictly one after the other. */
type Item = Message | { readonly type: 'frame'; readonly frame: Frame };

/** Turns what the model writes into sound while it still writes; one message after the other. */
export class TextToSpeechProcessor extends FrameProcessor {
  readonly #options: TextToSpeechProcessorOptions;
  #environment: PipelineEnvironment | undefined;
  #items: Item[] = [];
  #open: Message | undefined;
  #abort = new AbortController();
  #isPumping = false;
  #isClosed = false;
  #agent = '';
  #voice: string;
  readonly #voices = new Map<string, string>();

  constructor(options: TextToSpeechProcessorOptions) {
    super('text-to-speech');
    this.#options = options;
    this.#voice = options.voice;
  }

  override attach(environment: PipelineEnvironment): void {
    this.#environment = environment;
  }

  override cleanup(): void {
    this.#isClosed = true;
    this.#stop();
  }

  protected override process(frame: Frame, direction: Direction): void {
    if (direction === 'upstream') {
      this.push(frame, direction);
      return;
    }
    switch (frame.kind) {
      case 'llm-response-start':
        this.#begin(frame.turnId, frame.messageId);
        break;
      case 'llm-text':
        this.#open?.text.write(frame.text);
        break;
      case 'llm-response-end':
        this.#finish();
        break;
      case 'tts-speak':
        this.#speakAsItIs(frame);
        return;
      case 'interruption':
        this.#stop();
        break;
      case 'agent-changed':
      case 'end':
      case 'flush':
        // In order with the sound: the old agent's words come before the new agent's name.
        this.#finish();
        this.#enqueue({ type: 'frame', frame });
        return;
      default:
        break;
    }
    this.push(frame);
  }

  get #clock(): Clock {
    return this.#environment?.clock ?? systemClock;
  }

  #begin(turnId: string, messageId: string): void {
    this.#finish();
    // What an agent still says in a call that is over is not spoken.
    if (this.#isClosed) return;
    this.#open = {
      type: 'message',
      turnId,
      messageId,
      text: new TextQueue(() => this.#clock.now()),
    };
    this.#enqueue(this.#open);
  }

  #finish(): void {
    this.#open?.text.finish();
    this.#open = undefined;
  }

  #speakAsItIs({ text, appendToContext }: Frame<'tts-speak'>): void {
    const [turnId, messageId] = [nextId('turn'), nextId('message')];
    if (appendToContext)
      this.push(createFrame('llm-response-start', { turnId, messageId, agent: this.#agent }));
    this.#begin(turnId, messageId);
    this.#open?.text.write(text);
    if (appendToContext) this.push(createFrame('llm-text', { turnId, messageId, text }));
    this.#finish();
    if (appendToContext)
      this.push(createFrame('llm-response-end', { turnId, messageId, reason: 'stop' }));
  }

  #enqueue(item: Item): void {
    this.#items.push(item);
    if (!this.#isPumping) void this.#pump();
  }

  #stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#open = undefined;
    const passed = this.#items.flatMap((item) => (item.type === 'frame' ? [item.frame] : []));
    this.#items = [];
    this.#isPumping = false;
    for (const frame of passed) this.#pass(frame);
  }

  async #pump(): Promise<void> {
    const { signal } = this.#abort;
    this.#isPumping = true;
    // The newest abort controller belongs to the newest pump: an aborted one just leaves.
    while (!signal.aborted) {
      const item = this.#items.shift();
      if (!item) break;
      if (item.type === 'frame') this.#pass(item.frame);
      else await this.#speak(item, signal);
    }
    if (!signal.aborted) this.#isPumping = false;
  }

  #pass(frame: Frame): void {
    if (frame.kind === 'agent-changed') {
      this.#agent = frame.agent;
      if (frame.voice !== '') this.#voices.set(frame.agent, frame.voice);
      this.#voice = this.#voices.get(frame.agent) ?? this.#options.voice;
    }
    this.push(frame);
  }

  async #speak(message: Message, signal: AbortSignal): Promise<void> {
    const { turnId, messageId } = message;
    const isAudible = this.#options.isAudible?.() ?? true;
    let spoken = 0;
    let outcome: Outcome = isAudible ? 'again' : 'unspoken';
    for (
      let attempt = 1;
      outcome === 'again' && attempt <= maxAttempts && !signal.aborted;
      attempt += 1
    ) {
      const before = spoken;
      outcome = await this.#sound(message, signal, {
        from: before,
        onSpoken: (characters) => (spoken = characters),
      });
    }
    // Without a voice, or with one that failed, the caller reads.
    if (outcome !== 'spoken') await this.#show(message, signal, spoken);
    if (!signal.aborted) this.push(createFrame('tts-message-end', { turnId, messageId }));
  }

  async #show(
    { turnId, messageId, text }: Message,
    signal: AbortSignal,
    from: number,
  ): Promise<void> {
    for await (const characters of text.lengths(signal, from))
      this.push(createFrame('spoken-mark', { turnId, messageId, characters }));
  }

  /** `spoken` also when nobody wants to hear it any more. */
  async #sound(
    { turnId, messageId, text }: Message,
    signal: AbortSignal,
    { from, onSpoken }: { from: number; onSpoken: (characters: number) => void },
  ): Promise<Outcome> {
    const { tts } = this.#options;
    const events = this.#environment?.events;
    const agent = this.#agent;
    let isFirst = true;
    try {
      const parts = guardedStream({
        name: tts.name,
        clock: this.#clock,
        signal,
        limitMs: stallMs,
        dueSinceMs: () => text.readableSinceMs,
        start: (own) =>
          tts.speak({
            sessionId: this.#environment?.sessionId ?? '',
            text: text.pieces(own, from),
            voice: this.#voice,
            signal: own,
          }),
      });
      for await (const part of parts) {
        if (signal.aborted) return 'spoken';
        if (part.type === 'mark') {
          const characters = from + part.characters;
          onSpoken(characters);
          this.push(createFrame('spoken-mark', { turnId, messageId, characters }));
          continue;
        }
        const { pcm, sampleRateHz } = part;
        if (!(pcm instanceof Int16Array) || !(sampleRateHz >= 8_000 && sampleRateHz <= 48_000))
          throw new VoicebusError('provider-failed', `${tts.name} gave something that is no sound`);
        if (isFirst && from === 0) events?.emit('tts-first-byte', { turnId, agent });
        isFirst = false;
        this.push(createFrame('output-audio', { turnId, messageId, agent, pcm, sampleRateHz }));
      }
      if (!isFirst) events?.emit('tts-end', { turnId, agent });
    } catch (thrown) {
      if (signal.aborted) return 'spoken';
      const error = asVoicebusError(thrown, 'provider-failed', `${tts.name} failed`);
      const { code, message } = error;
      this.push(
        createFrame('error', { component: this.name, code, message, fatal: false }),
        'upstream',
      );
      // A chain of providers has tried them all.
      return isExhausted(error) ? 'unspoken' : 'again';
    }
    return 'spoken';
  }
}
