import {
  createFrame,
  LLMContext,
  SessionEvents,
  UserAggregator,
  type Frame,
  type Whose,
} from '@voicebus/core';
import { FakeClock } from './fake-clock.ts';
import { FrameCatcher } from './frame-catcher.ts';

/** What a detector says of 32 ms of the microphone. */
interface HeardWindow {
  /** Of speech, 0 to 1. */
  readonly probability: number;
  /** Of the window's end, on the session's clock. */
  readonly captureMs: number;
  /** Default: `unsure`. */
  readonly whose?: Whose;
}

/** A user aggregator by itself: a test says what the detector hears, and sees what comes of it. */
export class LoneUserAggregator {
  /** How long a window is. */
  static readonly windowMs = 32;
  readonly clock = new FakeClock();
  readonly events = new SessionEvents('session', this.clock, () => {});
  /** What it sends downstream. */
  readonly sent = new FrameCatcher();
  readonly #aggregator = new UserAggregator(new LLMContext(), { settlingMs: 0 });

  constructor() {
    const { clock, events } = this;
    this.#aggregator.link(this.sent);
    this.#aggregator.attach({ clock, events, sessionId: 'session', workerName: 'main' });
  }

  hear({ probability, captureMs, whose = 'unsure' }: HeardWindow): void {
    const durationMs = LoneUserAggregator.windowMs;
    this.queue(createFrame('voice-activity', { probability, captureMs, durationMs, whose }));
  }

  /** From the side where the caller is. */
  queue(frame: Frame): void {
    this.#aggregator.queueFrame(frame);
  }

  botStartsSpeaking(): void {
    const frame = createFrame('bot-started-speaking', { turnId: 'turn', agent: 'greeter' });
    this.#aggregator.queueFrame(frame, 'upstream');
  }
}
