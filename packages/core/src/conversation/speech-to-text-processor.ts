import { asVoicebusError } from '../errors/voicebus-error.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { PipelineEnvironment } from '../pipeline/pipeline-environment.ts';
import type {
  SpeechToText,
  TranscriptionResult,
  TranscriptionStream,
} from '../speech/speech-to-text.ts';

/** A recogniser that breaks this often in one call is given up; typing goes on. */
const maxReopens = 5;

/** Gives the caller's audio to the recogniser and its results to the pipeline. */
export class SpeechToTextProcessor extends FrameProcessor {
  readonly #stt: SpeechToText;
  #environment: PipelineEnvironment | undefined;
  #stream: TranscriptionStream | undefined;
  #abort = new AbortController();
  #reopens = 0;

  constructor(stt: SpeechToText) {
    super('speech-to-text');
    this.#stt = stt;
  }

  override attach(environment: PipelineEnvironment): void {
    this.#environment = environment;
  }

  override async setup(): Promise<void> {
    this.#stream = await this.#stt.open({
      sessionId: this.#environment?.sessionId ?? '',
      onResult: (result) => this.#result(result),
      onError: (error) => void this.#reopen(error),
      signal: this.#abort.signal,
    });
  }

  override async cleanup(): Promise<void> {
    this.#abort.abort();
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
    if (type === 'interim') this.push(createFrame('interim-transcription', { utteranceId, text }));
    else this.push(createFrame('transcription', { utteranceId, text, by: 'voice' }));
  }

  async #reopen(error: Error): Promise<void> {
    this.#stream = undefined;
    this.#reopens += 1;
    const isOver = this.#reopens > maxReopens;
    const { code, message } = asVoicebusError(error, 'provider-failed', `${this.#stt.name} failed`);
    this.push(
      createFrame('error', { component: this.name, code, message, fatal: isOver }),
      'upstream',
    );
    if (isOver || this.#abort.signal.aborted) return;
    try {
      await this.setup();
    } catch (thrown) {
      await this.#reopen(
        asVoicebusError(thrown, 'provider-failed', `${this.#stt.name} cannot be opened again`),
      );
    }
  }
}
