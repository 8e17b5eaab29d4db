import { FakeClock } from '@voicebus/testing';
import { expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { WorkerRunner } from '../runner/worker-runner.ts';
import { PipelineWorker } from './pipeline-worker.ts';

/** Opens when it is told to, and works on each text for so long. */
class Slow extends FrameProcessor {
  readonly opened = Promise.withResolvers<void>();
  readonly #clock: FakeClock;
  readonly #workMs: number;

  constructor(clock: FakeClock, workMs: number) {
    super('slow');
    this.#clock = clock;
    this.#workMs = workMs;
  }

  override setup(): Promise<void> {
    return this.opened.promise;
  }

  protected override async process(frame: Frame, direction: Direction): Promise<void> {
    if (frame.kind === 'llm-text')
      await new Promise<void>((resolve) => this.#clock.after(this.#workMs, resolve));
    this.push(frame, direction);
  }
}

async function start({ workMs = 0 } = {}) {
  const clock = new FakeClock();
  const slow = new Slow(clock, workMs);
  const worker = new PipelineWorker('main', new Pipeline([slow]), { setupTimeoutMs: 3_000 });
  const runner = new WorkerRunner({ bus: new LocalBus({ mode: 'frozen' }), clock });
  await runner.start();
  return { clock, slow, worker, runner };
}

const text = createFrame('llm-text', { turnId: 'turn', messageId: 'message', text: 'Hello.' });

it('a worker that is not set up in time is not started, and says so', async () => {
  const { clock, worker, runner } = await start();
  const added = expect(runner.addWorkers(worker)).rejects.toMatchObject({
    code: 'deadline',
    message: 'main was not set up within 3000 ms.',
  });
  await clock.advance(2_900);
  expect(worker.state).toBe('attached');
  await clock.advance(200);
  await added;
  expect(worker.state).toBe('stopped');
  await clock.until(runner.cancel());
  expect(clock.pending).toBe(0);
});

it('a pipeline is flushed once all that was queued before is handled', async () => {
  const { clock, slow, worker, runner } = await start({ workMs: 1_000 });
  slow.opened.resolve();
  await clock.until(runner.addWorkers(worker));
  worker.queueFrames([text, text]);
  const startMs = clock.now();
  await clock.until(worker.flushPipeline());
  expect(clock.now() - startMs).toBe(2_000);
  worker.queueFrame(text);
  await expect(clock.until(worker.flushPipeline(500))).rejects.toMatchObject({
    code: 'deadline',
    message: 'main still works on its frames after 500 ms.',
  });
  await clock.until(runner.cancel());
});
