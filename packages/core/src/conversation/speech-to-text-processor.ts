import { systemClock } from '../clock/clock.ts';
import { asVoicebusError, VoicebusError } from '../errors/voicebus-error.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { PipelineEnvironment } from '../pipeline/pipeline-environment.ts';
import type {
  SpeechToText,
  TranscriptionResult,
  TranscriptionStream,
} from '../speech/speech-to-text.ts';

/** A recogniser that breaks this often without a final in between is given up; typing goes on. */
const maxReopens = 5;
const reopenAfterMs = 1_000;

/** Ten minutes of somebody who speaks fast. */
const longestTranscript = 20_000;

/** Gives the caller's audio to the recogniser and its results to the pipeline. */
export class SpeechToTextProcessor extends FrameProcessor {
  readonly #stt: SpeechToText;
  #environment: PipelineEnvironment | undefined;
  #stream: TranscriptionStream | undefined;
  #abort = new AbortController();
  #reopens = 0;
  #cancelReopening: (() => void) | undefined;

  constructor(stt: SpeechToText) {
    super('speech-to-text');
    this.#stt = stt;
  }

  override attach(environment: PipelineEnvironment): void {
    this.#environment = environment;
  }

  /** A recogniser that does not open costs the call its ears, not the call: typing goes on. */
  override async setup(): Promise<void> {
    try {
      await this.#open();
    } catch (thrown) {
      this.#reopen(asVoicebusError(thrown, 'provider-failed', `${this.#stt.name} does not open`));
    }
  }

  async #open(): Promise<void> {
    const stream = await this.#stt.open({
      sessionId: this.#environment?.sessionId ?? '',
      onResult: (result) => this.#result(result),
      onError: (error) => this.#reopen(error),
      signal: this.#abort.signal,
    });
    if (this.#abort.signal.aborted) await stream[Symbol.asyncDispose]();
    else this.#stream = stream;
  }

  override async cleanup(): Promise<void> {
    this.#abort.abort();
    this.#cancelReopening?.();
    const stream = this.#stream;
    this.#stream = undefined;
    await stream?.[Symbol.asyncDispose]();
  }

  protected override process(frame: Frame, direction: Direction): void {
    switch (frame.kind) {
      case 'input-audio':
        this.#stream?.write(frame.pcm);
        break;
      case 'user-started-speaking':
        this.#stream?.startUtterance(frame.utteranceId);
        break;
      case 'user-stopped-speaking':
        this.#stream?.endUtterance(frame.utteranceId);
        break;
      default:
        break;
    }
    this.push(frame, direction);
  }

  #result({ type, utteranceId, text }: TranscriptionResult): void {
    if (typeof text !== 'string' || text.length > longestTranscript) {
      const message = `${this.#stt.name} gave something that is no transcript`;
      this.#reopen(new VoicebusError('provider-failed', message));
      return;
    }
    if (type === 'interim') this.push(createFrame('interim-transcription', { utteranceId, text }));
    else if (type === 'final') {
      this.#reopens = 0;
      this.push(createFrame('transcription', { utteranceId, text, by: 'voice' }));
    } else this.push(createFrame('turn-judged', { utteranceId, judgement: type, text }));
  }

  #reopen(error: Error): void {
    this.#stream = undefined;
    this.#reopens += 1;
    const isOver = this.#reopens > maxReopens;
    const { code, message } = asVoicebusError(error, 'provider-failed', `${this.#stt.name} failed`);
    this.push(
      createFrame('error', { component: this.name, code, message, fatal: isOver }),
      'upstream',
    );
    if (isOver || this.#abort.signal.aborted) return;
    // The first time at once: a stream that broke. Then not so fast: what made it break may still be there.
    const delayMs = (this.#reopens - 1) * reopenAfterMs;
    const { clock } = this.#environment ?? { clock: systemClock };
    this.#cancelReopening = clock.after(delayMs, () => void this.setup());
  }
}
