import type { Direction, Frame } from '../frames/frame.ts';
import type { PipelineEnvironment } from './pipeline-environment.ts';
import { FrameProcessor } from './frame-processor.ts';

/** One end of a pipeline: hands what reaches it to whoever owns the pipeline. */
class PipelineEnd extends FrameProcessor {
  readonly #outward: Direction;
  readonly #leave: (frame: Frame, direction: Direction) => void;

  constructor(
    name: string,
    outward: Direction,
    leave: (frame: Frame, direction: Direction) => void,
  ) {
    super(name);
    this.#outward = outward;
    this.#leave = leave;
  }

  protected override process(frame: Frame, direction: Direction): void {
    if (direction === this.#outward) this.#leave(frame, direction);
    else this.push(frame, direction);
  }
}

/** An ordered list of processors that is a processor itself. */
export class Pipeline extends FrameProcessor {
  readonly processors: readonly FrameProcessor[];
  readonly #head: PipelineEnd;
  readonly #tail: PipelineEnd;

  constructor(processors: readonly FrameProcessor[], name = 'Pipeline') {
    super(name);
    this.processors = processors;
    this.#head = new PipelineEnd(`${name}:head`, 'upstream', (frame, direction) =>
      this.push(frame, direction),
    );
    this.#tail = new PipelineEnd(`${name}:tail`, 'downstream', (frame, direction) =>
      this.push(frame, direction),
    );
    const chain = [this.#head, ...processors, this.#tail];
    for (const [index, processor] of chain.entries()) {
      const next = chain[index + 1];
      if (next) processor.link(next);
    }
  }

  /** Frames enter at the end they come from; there is no queue of the pipeline's own. */
  override queueFrame(frame: Frame, direction: Direction = 'downstream'): void {
    (direction === 'downstream' ? this.#head : this.#tail).queueFrame(frame, direction);
  }

  protected override process(): void {}

  override attach(environment: PipelineEnvironment): void {
    for (const processor of this.processors) processor.attach(environment);
  }

  override async setup(): Promise<void> {
    for (const processor of this.processors) await processor.setup();
  }

  override async cleanup(): Promise<void> {
    const outcomes = await Promise.allSettled(
      this.processors.map(async (processor) => processor.cleanup()),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
