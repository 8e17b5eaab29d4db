import { randomUUID } from 'node:crypto';
import type { GenerationRequest } from '@cartesia/cartesia-js/resources/tts.js';
import type { Clock } from '@voicebus/core';
import type { CartesiaConnection, ContextListener } from './cartesia-connection.ts';

export interface ContextRequest {
  readonly modelId: string;
  readonly voiceId: string;
  readonly language: string;
  readonly sampleRateHz: GenerationRequest.OutputFormat['sample_rate'];
}

/** Documented: a context is over one second after its last sound. This long before, it may be. */
const expiryMs = 700;

/** What one context was asked to say. It is heard by its listener until it is left. */
export class SpeechContext {
  readonly connection: CartesiaConnection;
  readonly #id = randomUUID();
  readonly #request: Omit<GenerationRequest, 'transcript'>;
  readonly #clock: Clock;
  readonly #leave: () => void;
  /** Said since its last sound; empty: it answers. */
  unanswered: string[] = [];
  /** Where in the message's text its flushes stand, and its last word. */
  readonly #flushedTo: number[] = [];
  saidTo = 0;
  #soundAtMs = 0;
  #isEnded = false;

  constructor(
    connection: CartesiaConnection,
    request: ContextRequest,
    { clock, ...listener }: ContextListener & { readonly clock: Clock },
  ) {
    this.connection = connection;
    this.#clock = clock;
    this.#request = {
      context_id: this.#id,
      model_id: request.modelId,
      voice: { id: request.voiceId },
      language: request.language,
      output_format: {
        container: 'raw',
        encoding: 'pcm_s16le',
        sample_rate: request.sampleRateHz,
      },
      add_timestamps: true,
      // Words as they stand in the text, so that they are found there.
      use_normalized_timestamps: false,
      // Clauses are cut here: the service need not wait for more.
      max_buffer_delay_ms: 0,
    };
    this.#leave = connection.listen(this.#id, listener);
  }

  /** `saidTo`: where in the message's text this clause ends. */
  say(transcript: string, saidTo: number): void {
    this.unanswered.push(transcript);
    this.saidTo = saidTo;
    this.connection.send({ ...this.#request, transcript, continue: true });
  }

  /** Nothing of what was said waits for more text to be spoken with. */
  flush(): void {
    this.#flushedTo.push(this.saidTo);
    this.connection.send({ ...this.#request, transcript: '', continue: true, flush: true });
  }

  /** Nothing more will be said. */
  end(): void {
    this.#isEnded = true;
    this.connection.send({ ...this.#request, transcript: '', continue: false });
  }

  /** Its sound is not wanted any more. */
  cancel(): void {
    this.#leave();
    this.connection.send({ context_id: this.#id, cancel: true });
  }

  /** Its events are not listened to any more; the service ends it by itself. */
  leave(): void {
    this.#leave();
  }

  answered(): void {
    this.unanswered = [];
    this.#soundAtMs = this.#clock.now();
  }

  /** The text up to here is spoken, and its sound was given. */
  flushed(flushId: number): number | null {
    return this.#flushedTo[flushId - 1] ?? null;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** The service has to say something: a silence now is its fault. */
  get owes(): boolean {
    return this.#isEnded || this.unanswered.length > 0;
  }

  /** It may be over by now: what is sent to it would be lost. */
  get mayBeOver(): boolean {
    return this.unanswered.length === 0 && this.#clock.now() - this.#soundAtMs >= expiryMs;
  }
}
