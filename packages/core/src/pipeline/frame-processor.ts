import type { PipelineEnvironment } from './pipeline-environment.ts';
import { asVoicebusError } from '../errors/voicebus-error.ts';
import { copyFrame, createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { frameClass, isUninterruptible } from '../frames/frame-class.ts';

interface Queued {
  readonly frame: Frame;
  readonly direction: Direction;
}

/** More than this many waiting frames means that a processor is stuck: 2,000 × 20 ms of audio is 40 s. */
const maxQueuedFrames = 2_000;

/**
 * Takes frames and gives frames. System frames are handled at once, also while a data frame is being
 * worked on; all others one after the other, in order, both directions in one queue.
 *
 * An interruption, and the end at once (`cancel`), abort the signal of the frame that is being worked on,
 * drop every interruptible frame that waits, and do not wait for the aborted work to notice.
 */
export abstract class FrameProcessor {
  readonly name: string;
  #next: FrameProcessor | undefined;
  #previous: FrameProcessor | undefined;
  #queue: Queued[] = [];
  #current: { readonly frame: Frame; readonly abort: AbortController } | undefined;
  #dropped = 0;

  constructor(name?: string) {
    this.name = name ?? new.target.name;
  }

  /** Frames that were dropped because the queue was full. */
  get droppedFrames(): number {
    return this.#dropped;
  }

  /** Frames that wait, the one being worked on included. */
  get pendingFrames(): number {
    return this.#queue.length + (this.#current ? 1 : 0);
  }

  /**
   * Handles one frame. Whoever does not want it pushes it on. After `signal` is aborted nothing may be
   * pushed that belongs to the aborted work.
   */
  protected abstract process(
    frame: Frame,
    direction: Direction,
    signal: AbortSignal,
  ): void | Promise<void>;

  /** Tells the processor where it works; called once, before `setup`. */
  attach(_environment: PipelineEnvironment): void {}

  /** Opens what the processor needs; called once before the first frame. */
  setup(): void | Promise<void> {}

  /** Closes what `setup` opened; called once, also after a failure. */
  cleanup(): void | Promise<void> {}

  /** Joins this processor's downstream side to the next one's upstream side. */
  link(next: FrameProcessor): void {
    this.#next = next;
    next.#previous = this;
  }

  /** Hands a frame to the neighbour in that direction. At the end of a pipeline it vanishes. */
  push(frame: Frame, direction: Direction = 'downstream'): void {
    (direction === 'downstream' ? this.#next : this.#previous)?.queueFrame(frame, direction);
  }

  /** Sends the frame both ways; each half knows the other's id. */
  broadcast(frame: Frame): void {
    const twin = copyFrame(frame);
    this.push({ ...frame, siblingId: twin.id }, 'downstream');
    this.push({ ...twin, siblingId: frame.id }, 'upstream');
  }

  queueFrame(frame: Frame, direction: Direction = 'downstream'): void {
    if (frame.kind === 'interruption' || frame.kind === 'cancel') this.#interrupt();
    if (frameClass(frame) === 'system') {
      // System frames have no queue, so nothing ahead of them can hold them up.
      void this.#run({ frame, direction }, new AbortController());
      return;
    }
    if (this.#queue.length >= maxQueuedFrames && !isUninterruptible(frame)) {
      this.#dropped += 1;
      return;
    }
    this.#queue.push({ frame, direction });
    if (!this.#current) this.#drain();
  }

  #interrupt(): void {
    this.#queue = this.#queue.filter(({ frame }) => isUninterruptible(frame));
    if (this.#current && !isUninterruptible(this.#current.frame)) {
      const { abort } = this.#current;
      this.#current = undefined;
      abort.abort();
      if (this.#queue.length > 0) this.#drain();
    }
  }

  #drain(): void {
    for (;;) {
      const item = this.#queue.shift();
      if (!item) return;
      const abort = new AbortController();
      const current = { frame: item.frame, abort };
      this.#current = current;
      const running = this.#run(item, abort);
      if (running) {
        void running.then(() => {
          if (this.#current !== current) return; // interrupted: another drain took over
          this.#current = undefined;
          this.#drain();
        });
        return;
      }
      if (this.#current !== current) return;
      this.#current = undefined;
    }
  }

  /** Undefined when the frame was handled synchronously, which keeps the common path free of promises. */
  #run({ frame, direction }: Queued, abort: AbortController): Promise<void> | undefined {
    try {
      const result = this.process(frame, direction, abort.signal);
      if (result)
        return result.catch((thrown: unknown) => this.#report(thrown, frame, abort.signal));
    } catch (thrown) {
      this.#report(thrown, frame, abort.signal);
    }
    return undefined;
  }

  #report(thrown: unknown, frame: Frame, signal: AbortSignal): void {
    if (signal.aborted || frame.kind === 'error') return;
    const error = asVoicebusError(
      thrown,
      'worker-failed',
      `${this.name} failed on a ${frame.kind} frame`,
    );
    this.push(
      createFrame('error', {
        component: this.name,
        code: error.code,
        message: error.message,
        fatal: false,
      }),
      'upstream',
    );
  }
}
