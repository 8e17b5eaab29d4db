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
/**
 * Ten seconds of first words come at once and are ruled on in half a second. A detector that is further
 * behind is no use: the oldest sound goes on unruled, the newest counts.
 */
const maxWaitingWindows = 400;

type Item =
  | { readonly type: 'window'; readonly samples: Float32Array; readonly captureMs: number }
  | { readonly type: 'audio'; readonly frame: Frame<'input-audio'> };

/**
 * Runs the server's voice activity detector over the caller's audio: one `voice-activity` per 32 ms, right
 * behind the audio that it rules on. Audio never overtakes the detector, or a recogniser that is told of an
 * utterance would have thrown its beginning away.
 */
export class VoiceActivityProcessor extends FrameProcessor {
  readonly #detector: VoiceActivityDetector;
  #stream: VoiceActivityStream | undefined;
  #window = new Float32Array(vadWindowSamples);
  #filled = 0;
  #waiting: Item[] = [];
  #waitingWindows = 0;
  #isBusy = false;

  constructor(detector: VoiceActivityDetector) {
    super('voice-activity');
    this.#detector = detector;
  }

  override async setup(): Promise<void> {
    this.#stream = await this.#detector.open();
  }

  override async cleanup(): Promise<void> {
    this.#waiting = [];
    this.#waitingWindows = 0;
    await this.#stream?.[Symbol.asyncDispose]();
    this.#stream = undefined;
  }

  protected override process(frame: Frame, direction: Direction): void {
    if (frame.kind === 'input-audio') this.#collect(frame);
    else this.push(frame, direction);
  }

  #collect(frame: Frame<'input-audio'>): void {
    if (this.#isBusy) this.#waiting.push({ type: 'audio', frame });
    else this.push(frame);
    this.#fill(frame);
    if (this.#waitingWindows > maxWaitingWindows) this.#skipOldest();
    if (!this.#isBusy && this.#waiting.length > 0) void this.#drain();
  }

  #fill({ pcm, captureMs, sampleRateHz: rateHz }: Frame<'input-audio'>): void {
    for (let index = 0; index < pcm.length; index += 1) {
      this.#window[this.#filled] = (pcm[index] ?? 0) / 32_768;
      this.#filled += 1;
      if (this.#filled < vadWindowSamples) continue;
      const restMs = ((pcm.length - 1 - index) / rateHz) * 1000;
      this.#waiting.push({
        type: 'window',
        samples: this.#window,
        captureMs: captureMs - restMs,
      });
      this.#waitingWindows += 1;
      this.#window = new Float32Array(vadWindowSamples);
      this.#filled = 0;
    }
  }

  #skipOldest(): void {
    const oldest = this.#waiting.findIndex(({ type }) => type === 'window');
    for (const item of this.#waiting.splice(0, oldest + 1)) {
      if (item.type === 'audio') this.push(item.frame);
      else this.#waitingWindows -= 1;
    }
  }

  async #drain(): Promise<void> {
    this.#isBusy = true;
    try {
      for (let next = this.#waiting.shift(); next && this.#stream; next = this.#waiting.shift()) {
        if (next.type === 'audio') {
          this.push(next.frame);
          continue;
        }
        this.#waitingWindows -= 1;
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
      this.#isBusy = false;
    }
  }
}
