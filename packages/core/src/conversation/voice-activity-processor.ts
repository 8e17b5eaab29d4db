import { systemClock, type Clock } from '../clock/clock.ts';
import type { EchoJudge } from '../echo/echo-judge.ts';
import { asVoicebusError } from '../errors/voicebus-error.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { PipelineEnvironment } from '../pipeline/pipeline-environment.ts';
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

/**
 * Asked for ahead of their turn: on a machine that is short of time each answer of a detector's thread comes
 * late, and a detector that was asked for one window after the other would fall behind for good.
 */
const windowsAhead = 16;

/** A detector that is only slow to load is there soon; one that never opens is given up. */
const maxOpenings = 5;
const openAgainAfterMs = 1_000;

/** What no rule takes for speech needs no second look. */
const maybeSpeech = 0.3;

interface Window {
  readonly type: 'window';
  readonly samples: Float32Array;
  readonly captureMs: number;
  /** Of the detector, once it was asked. */
  probability?: Promise<number>;
}

type Item = Window | { readonly type: 'audio'; readonly frame: Frame<'input-audio'> };

/**
 * Runs the server's voice activity detector over the caller's audio: one `voice-activity` per 32 ms, right
 * behind the audio that it rules on. Audio never overtakes the detector, or a recogniser that is told of an
 * utterance would have thrown its beginning away.
 */
export class VoiceActivityProcessor extends FrameProcessor {
  readonly #detector: VoiceActivityDetector;
  readonly #echo: EchoJudge | undefined;
  #stream: VoiceActivityStream | undefined;
  #window = new Float32Array(vadWindowSamples);
  #filled = 0;
  #waiting: Item[] = [];
  #waitingWindows = 0;
  /** Of the waiting windows, the first ones. */
  #asked = 0;
  #isBusy = false;
  #clock: Clock = systemClock;
  #openings = 0;
  #cancelOpening: (() => void) | undefined;
  #isClosed = false;

  /** `echo` is told what the bot plays by whoever plays it. */
  constructor(detector: VoiceActivityDetector, echo?: EchoJudge) {
    super('voice-activity');
    this.#detector = detector;
    this.#echo = echo;
  }

  override attach({ clock }: PipelineEnvironment): void {
    this.#clock = clock;
  }

  /** A detector that does not open leaves the caller to type, and is tried again. */
  override async setup(): Promise<void> {
    try {
      const stream = await this.#detector.open();
      if (this.#isClosed) await stream[Symbol.asyncDispose]();
      else this.#stream = stream;
    } catch (thrown) {
      this.#problem(thrown);
      this.#openings += 1;
      if (this.#isClosed || this.#openings >= maxOpenings) return;
      const delayMs = this.#openings * openAgainAfterMs;
      this.#cancelOpening = this.#clock.after(delayMs, () => void this.setup());
    }
  }

  override async cleanup(): Promise<void> {
    this.#isClosed = true;
    this.#cancelOpening?.();
    this.#waiting = [];
    this.#waitingWindows = 0;
    this.#asked = 0;
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
    if (!this.#stream) return;
    this.#fill(frame);
    if (this.#waitingWindows > maxWaitingWindows) this.#skipOldest();
    if (!this.#isBusy && this.#waiting.length > 0) void this.#drain();
  }

  #fill({ pcm, captureMs, sampleRateHz: rateHz }: Frame<'input-audio'>): void {
    this.#echo?.captured(pcm, rateHz, captureMs - (pcm.length / rateHz) * 1000);
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
      else this.#forget(item);
    }
  }

  /** It waits no longer. */
  #forget({ probability }: Window): void {
    this.#waitingWindows -= 1;
    if (probability) this.#asked -= 1;
  }

  async #drain(): Promise<void> {
    this.#isBusy = true;
    try {
      while (this.#stream) {
        this.#ask(this.#stream);
        const next = this.#waiting.shift();
        if (!next) break;
        if (next.type === 'audio') {
          this.push(next.frame);
          continue;
        }
        this.#forget(next);
        this.#rule((await next.probability) ?? 0, next.captureMs);
      }
    } catch (thrown) {
      this.#problem(thrown);
    } finally {
      this.#isBusy = false;
    }
  }

  /** Answers come in the order of the windows. */
  #ask(stream: VoiceActivityStream): void {
    for (const item of this.#waiting) {
      if (this.#asked >= windowsAhead) return;
      if (item.type === 'audio' || item.probability) continue;
      item.probability = stream.probability(item.samples);
      // Whoever waits for it hears of a failure; nobody waits for one that is skipped.
      item.probability.catch(() => {});
      this.#asked += 1;
    }
  }

  #rule(probability: number, captureMs: number): void {
    const whose = probability < maybeSpeech ? 'unsure' : (this.#echo?.whose(captureMs) ?? 'unsure');
    const heard = whose === 'bot' ? 0 : probability;
    const fields = { probability: heard, captureMs, durationMs: windowMs, whose };
    this.push(createFrame('voice-activity', fields));
  }

  #problem(thrown: unknown): void {
    const { code, message } = asVoicebusError(
      thrown,
      'provider-failed',
      `${this.#detector.name} failed`,
    );
    this.push(
      createFrame('error', { component: this.name, code, message, fatal: false }),
      'upstream',
    );
  }
}
