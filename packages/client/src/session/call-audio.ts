import type { ClientMessage } from '@voicebus/protocol';
import type { MediaLink } from '../media/media-link.ts';
import type { MicrophoneFrame } from '../microphone/microphone-tap.ts';
import { SpeechEnd } from '../microphone/speech-end.ts';
import { HeardPlayback } from '../playback/heard-playback.ts';
import { Playback } from '../playback/playback.ts';
import type { HeardSpurt } from '../playback/spurts.ts';
import { windowMs, type SpeechWindow } from '../vad/browser-vad.ts';
import { ProbabilityBatcher } from '../vad/probability-batch.ts';
import { SpeechOnset, type OnsetOptions } from '../vad/speech-onset.ts';

export interface CallAudioOptions {
  readonly context: AudioContext;
  readonly onset: Partial<OnsetOptions>;
  readonly sendFast: (message: ClientMessage) => void;
  /** Nothing of the microphone is used while it is muted or held, but for the hint. */
  readonly isGated: () => boolean;
  readonly onHeard: (spurt: HeardSpurt) => void;
  readonly onMutedSpeech: () => void;
  readonly onAutoplayBlocked: (blocked: boolean) => void;
}

/** Speech in the microphone for this long while muted brings up the hint. */
const mutedSpeech: Partial<OnsetOptions> = { onsetMs: 288, sureOnsetMs: 288 };

/** The listening and the playing of one call, joined: speech stops the bot, the bot's start is timed. */
export class CallAudio {
  readonly playback = new Playback();
  readonly heard: HeardPlayback;
  readonly #options: CallAudioOptions;
  readonly #onset: SpeechOnset;
  readonly #mutedOnset = new SpeechOnset(mutedSpeech);
  readonly #speechEnd = new SpeechEnd();
  readonly #batcher = new ProbabilityBatcher();

  constructor(options: CallAudioOptions) {
    this.#options = options;
    this.#onset = new SpeechOnset(options.onset);
    this.heard = new HeardPlayback({
      playback: this.playback,
      onHold: (hold) => options.sendFast({ type: 'speech-hold', ...hold }),
      onHeard: (spurt) => {
        const { rtpTimestamp, atMs, responseMs } = spurt;
        options.sendFast({
          type: 'playback-heard',
          rtpTimestamp,
          atMs,
          ...(responseMs === null ? {} : { responseMs }),
        });
        options.onHeard(spurt);
      },
    });
  }

  /** Plays the bot of this link; with autoplay blocked it waits for the caller's click. */
  async play(link: MediaLink): Promise<void> {
    const { consumer } = link;
    if (!consumer) return;
    try {
      await this.playback.start({
        context: this.#options.context,
        track: consumer.track,
        receiver: consumer.rtpReceiver ?? null,
        onBlock: (block) => this.heard.block(block),
      });
      this.#watchContext();
    } catch {
      this.#options.onAutoplayBlocked(true);
    }
  }

  async resume(): Promise<void> {
    await Promise.all([this.#options.context.resume(), this.playback.resume()]);
    this.#watchContext();
  }

  /** A context that stands still hears no microphone and measures no sound: that needs a click, too. */
  #watchContext(): void {
    const { context, onAutoplayBlocked } = this.#options;
    context.onstatechange = () => onAutoplayBlocked(context.state !== 'running');
    onAutoplayBlocked(context.state !== 'running');
  }

  /** One window of the microphone with its probability. */
  window(window: SpeechWindow): void {
    const { probability, frame } = window;
    const heard = { probability, level: frame.level, durationMs: windowMs };
    if (this.#options.isGated()) {
      this.#onset.reset();
      this.#batcher.reset();
      if (this.#mutedOnset.add(heard, { armed: true, botLevel: this.heard.botLevel() })) {
        this.#options.onMutedSpeech();
      }
      return;
    }
    const batch = this.#batcher.add(window.probability, window.endMs);
    if (batch) this.#options.sendFast({ type: 'speech-probability', ...batch });
    this.#speechEnded(window.frame, window.probability);
    const context = { armed: this.heard.isSounding(), botLevel: this.heard.botLevel() };
    if (this.#onset.add(heard, context)) this.heard.speech();
  }

  close(): void {
    this.#options.context.onstatechange = null;
    this.playback.stop();
  }

  #speechEnded(frame: MicrophoneFrame, probability: number): void {
    const endMs = this.#speechEnd.add(frame, probability);
    if (endMs !== null) this.heard.speechEnded(endMs);
  }
}
