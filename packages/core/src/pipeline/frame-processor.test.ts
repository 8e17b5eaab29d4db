import { describe, expect, it } from 'vitest';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameProcessor } from './frame-processor.ts';
import { Pipeline } from './pipeline.ts';

class Recorder extends FrameProcessor {
  readonly seen: string[] = [];
  protected override process(frame: Frame, direction: Direction): void {
    this.seen.push(`${frame.kind}:${direction === 'downstream' ? 'down' : 'up'}`);
    this.push(frame, direction);
  }
}

/** Works on each data frame until it is released or aborted. */
class Slow extends FrameProcessor {
  readonly aborted: string[] = [];
  #release: (() => void)[] = [];

  release(): void {
    this.#release.shift()?.();
  }

  protected override async process(
    frame: Frame,
    direction: Direction,
    signal: AbortSignal,
  ): Promise<void> {
    if (frame.kind === 'llm-text') {
      await new Promise<void>((resolve) => {
        this.#release.push(resolve);
        signal.addEventListener('abort', () => {
          this.aborted.push(frame.text);
          resolve();
        });
      });
      if (signal.aborted) return;
    }
    this.push(frame, direction);
  }
}

const text = (value: string) =>
  createFrame('llm-text', { turnId: 't', messageId: 'm', text: value });
const interruption = () => createFrame('interruption', { by: 'voice' });
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('FrameProcessor', () => {
  it('keeps data and control frames in order and lets system frames pass them', async () => {
    const slow = new Slow();
    const after = new Recorder();
    const pipeline = new Pipeline([slow, after]);
    pipeline.queueFrame(text('one'));
    pipeline.queueFrame(
      createFrame('llm-response-end', { turnId: 't', messageId: 'm', reason: 'stop' }),
    );
    pipeline.queueFrame(createFrame('metric', { name: 'x', value: 1 }));
    await settled();
    expect(after.seen).toEqual(['metric:down']);
    slow.release();
    await settled();
    expect(after.seen).toEqual(['metric:down', 'llm-text:down', 'llm-response-end:down']);
  });

  it.each([interruption(), createFrame('cancel', {})])(
    '$kind aborts the work in hand and drops what waits, but not what is uninterruptible',
    async (frame) => {
      const slow = new Slow();
      const after = new Recorder();
      const pipeline = new Pipeline([slow, after]);
      pipeline.queueFrame(text('one'));
      pipeline.queueFrame(text('two'));
      pipeline.queueFrame(createFrame('end', {}));
      pipeline.queueFrame(frame);
      await settled();
      expect(slow.aborted).toEqual(['one']);
      expect(after.seen).toEqual(['end:down', `${frame.kind}:down`]);
    },
  );

  it('does not wait for aborted work that never notices', async () => {
    class Stuck extends FrameProcessor {
      protected override process(frame: Frame, direction: Direction): void | Promise<void> {
        if (frame.kind === 'llm-text' && frame.text === 'stuck') return new Promise(() => {});
        this.push(frame, direction);
      }
    }
    const after = new Recorder();
    const pipeline = new Pipeline([new Stuck(), after]);
    pipeline.queueFrame(text('stuck'));
    pipeline.queueFrame(interruption());
    pipeline.queueFrame(text('next'));
    await settled();
    expect(after.seen).toEqual(['interruption:down', 'llm-text:down']);
  });

  it('sends a broadcast both ways, each half naming the other', () => {
    const frames: Frame[] = [];
    class Middle extends FrameProcessor {
      protected override process(): void {}
    }
    class Ear extends FrameProcessor {
      protected override process(frame: Frame): void {
        frames.push(frame);
      }
    }
    const middle = new Middle();
    new Ear().link(middle);
    middle.link(new Ear());
    middle.broadcast(interruption());
    expect(frames).toHaveLength(2);
    expect(frames[0]?.siblingId).toBe(frames[1]?.id);
    expect(frames[1]?.siblingId).toBe(frames[0]?.id);
  });

  it('turns what a processor throws into an error frame upstream and goes on', async () => {
    class Faulty extends FrameProcessor {
      protected override process(frame: Frame, direction: Direction): void {
        if (frame.kind === 'llm-text') throw new Error('no voice today');
        this.push(frame, direction);
      }
    }
    const before = new Recorder();
    const after = new Recorder();
    const pipeline = new Pipeline([before, new Faulty('voice'), after]);
    pipeline.queueFrame(text('one'));
    pipeline.queueFrame(createFrame('end', {}));
    await settled();
    expect(before.seen).toContain('error:up');
    expect(after.seen).toEqual(['end:down']);
  });

  it('drops and counts interruptible frames when the queue is full', () => {
    const slow = new Slow();
    for (let count = 0; count < 2_010; count += 1) slow.queueFrame(text('x'));
    expect(slow.droppedFrames).toBe(9);
    expect(slow.pendingFrames).toBe(2_001);
  });
});
