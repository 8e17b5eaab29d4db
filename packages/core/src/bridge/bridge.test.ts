import { Conversation, defineTestAgent, FakeClock, ScriptedLanguageModel } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LocalBus } from '../bus/local-bus.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameRegistry } from '../frames/frame-registry.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import { WorkerRunner, type WorkerRunnerOptions } from '../runner/worker-runner.ts';
import { PipelineWorker } from '../workers/pipeline-worker.ts';

const frames = new FrameRegistry().register({
  name: 'mood',
  class: 'data',
  schema: z.object({ value: z.number() }),
});
const mood = (value: unknown) =>
  createFrame('custom', { name: 'mood', class: 'data', body: { value } });

/** Notes what passes, and can send frames of its own. */
class Ear extends FrameProcessor {
  readonly heard: string[] = [];
  protected override process(frame: Frame, direction: Direction): void {
    if (frame.kind === 'custom') this.heard.push(`${JSON.stringify(frame.body)} ${direction}`);
    this.push(frame, direction);
  }
}

interface AgentSide extends Pick<WorkerRunnerOptions, 'onProblem'> {
  /** What it can read. */
  readonly known?: FrameRegistry;
}

async function start(
  mode: 'encoded' | 'frozen' = 'encoded',
  { known, ...options }: AgentSide = {},
) {
  const clock = new FakeClock();
  const bus = new LocalBus({ mode });
  const ear = new Ear();
  const call = new Conversation({ clock, bus, frames });
  const agents = new WorkerRunner({ bus, clock, ...options });
  agents.serve(
    'listener',
    (sessionId) =>
      new PipelineWorker('listener', new Pipeline([ear]), {
        sessionId,
        bridged: [],
        active: false,
        frames: known ?? frames,
      }),
  );
  await agents.start();
  await call.start();
  const left: string[] = [];
  call.main.onFrame = (frame, direction) => {
    if (frame.kind === 'custom') left.push(`${JSON.stringify(frame.body)} ${direction}`);
    if (frame.kind === 'error') left.push(frame.message);
  };
  await clock.until(call.main.activateWorker('listener'));
  return { clock, call, agents, ear, left };
}

describe('custom frames', () => {
  it('cross the bridge both ways, in their direction, and never come back', async () => {
    const { clock, call, agents, ear, left } = await start();
    call.main.queueFrame(mood(1));
    call.main.queueFrame(mood(2), 'upstream');
    await clock.settle();
    expect(ear.heard).toEqual(['{"value":1} downstream', '{"value":2} upstream']);
    expect(left).toEqual([]);
    ear.push(mood(3));
    ear.push(mood(4), 'upstream');
    await clock.settle();
    expect(left).toEqual(['{"value":3} downstream', '{"value":4} upstream']);
    await clock.advance(1_000);
    expect(ear.heard).toHaveLength(2);
    await clock.until(agents.cancel());
    await call.close();
  });

  it('that are not registered, or do not fit, are an error that names them, and nothing crosses', async () => {
    const { clock, call, agents, ear, left } = await start();
    call.main.queueFrame(createFrame('custom', { name: 'smell', class: 'data', body: {} }));
    call.main.queueFrame(mood('high'));
    await clock.settle();
    expect(ear.heard).toEqual([]);
    expect(left).toEqual([
      'The frame smell is not registered: it cannot cross a bridge.',
      'The frame mood is invalid at value.',
    ]);
    await clock.until(agents.cancel());
    await call.close();
  });

  it('that only the other side has registered are dropped and counted, and nothing comes of them', async () => {
    const problems: string[] = [];
    const { clock, call, agents, ear, left } = await start('encoded', {
      onProblem: (what, thrown) => problems.push(`${what}: ${String(thrown)}`),
      known: new FrameRegistry(),
    });
    call.main.queueFrame(mood(1));
    await clock.settle();
    expect(ear.heard).toEqual([]);
    expect(left).toEqual([]);
    expect(problems).toEqual([
      expect.stringMatching(/^listener on custom-frame: .*The frame mood is not registered/),
    ]);
    expect(agents.record().errors).toBe(1);
    await clock.until(agents.cancel());
    await call.close();
  });

  it('reach no agent that does not hold the floor', async () => {
    const { clock, call, agents, ear } = await start();
    const llm = new ScriptedLanguageModel({ replies: () => 'Hello.' });
    agents.serve(defineTestAgent('other'), { llm });
    await clock.until(call.main.activateWorker('other'));
    call.main.queueFrame(mood(1));
    await clock.settle();
    expect(ear.heard).toEqual([]);
    await clock.until(agents.cancel());
    await call.close();
  });
});
