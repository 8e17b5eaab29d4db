import { asVoicebusError } from '../errors/voicebus-error.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import {
  vadWindowSamples,
  type VoiceActivityDetector,
  type VoiceActivityStream,
} from '../speech/voice-activity-detector.ts';

const sampleRateHz = 16_000;
const windowMs = (vadWindowSamples / sampleRateHz) * 1000;
/** A detector that is two seconds behind is no use: what waits is dropped, the newest counts. */
const maxWaitingWindows = 64;

interface Window {
  readonly samples: Float32Array;
  readonly captureMs: number;
}

/** Runs the server's voice activity detector over the caller's audio: one `voice-activity` per 32 ms. */
export class VoiceActivityProcessor extends FrameProcessor {
  readonly #detector: VoiceActivityDetector;
  #stream: VoiceActivityStream | undefined;
  #window = new Float32Array(vadWindowSamples);
  #filled = 0;
  #waiting: Window[] = [];
  #busy = false;

  constructor(detector: VoiceActivityDetector) {
    super('voice-activity');
    this.#detector = detector;
  }

  override async setup(): Promise<void> {
    this.#stream = await this.#detector.open();
  }

  override async cleanup(): Promise<void> {
    this.#waiting = [];
    await this.#stream?.[Symbol.asyncDispose]();
    this.#stream = undefined;
  }

  protected override process(frame: Frame, direction: Direction): void {
    if (frame.kind === 'input-audio') this.#collect(frame);
    this.push(frame, direction);
  }

  #collect({ pcm, captureMs, sampleRateHz: rateHz }: Frame<'input-audio'>): void {
    for (let index = 0; index < pcm.length; index += 1) {
      this.#window[this.#filled] = (pcm[index] ?? 0) / 32_768;
      this.#filled += 1;
      if (this.#filled < vadWindowSamples) continue;
      const restMs = ((pcm.length - 1 - index) / rateHz) * 1000;
      this.#waiting.push({ samples: this.#window, captureMs: captureMs - restMs });
      if (this.#waiting.length > maxWaitingWindows) this.#waiting.shift();
      this.#window = new Float32Array(vadWindowSamples);
      this.#filled = 0;
    }
    if (!this.#busy && this.#waiting.length > 0) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#busy = true;
    try {
      for (let next = this.#waiting.shift(); next && this.#stream; next = this.#waiting.shift()) {
        const probability = await this.#stream.probability(next.samples);
        this.push(
          createFrame('voice-activity', {
            probability,
            captureMs: next.captureMs,
            durationMs: windowMs,
          }),
        );
      }
    } catch (thrown) {
      const { code, message } = asVoicebusError(
        thrown,
        'provider-failed',
        `${this.#detector.name} failed`,
      );
      this.push(
        createFrame('error', { component: this.name, code, message, fatal: false }),
        'upstream',
      );
    } finally {
      this.#busy = false;
    }
  }
}
