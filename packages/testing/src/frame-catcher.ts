import { FrameProcessor, type Frame } from '@voicebus/core';

/** The end of a pipeline under test: keeps the frames that come to it, and hands none on. */
export class FrameCatcher extends FrameProcessor {
  readonly frames: Frame[] = [];

  get kinds(): Frame['kind'][] {
    return this.frames.map(({ kind }) => kind);
  }

  protected override process(frame: Frame): void {
    this.frames.push(frame);
  }
}
