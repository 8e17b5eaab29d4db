import { FakeClock } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { LLMContext } from '../context/llm-context.ts';
import { SessionEvents } from '../events/session-events.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import { UserAggregator } from './user-aggregator.ts';

class Catcher extends FrameProcessor {
  readonly kinds: Frame['kind'][] = [];
  protected override process(frame: Frame, _direction: Direction): void {
    this.kinds.push(frame.kind);
  }
}

function listening() {
  const clock = new FakeClock();
  const aggregator = new UserAggregator(new LLMContext(), { settlingMs: 0 });
  const catcher = new Catcher('catcher');
  aggregator.link(catcher);
  const events = new SessionEvents('session', clock, () => {});
  aggregator.attach({ clock, events, sessionId: 'session', workerName: 'main' });
  /** Sound of this length, in windows, as it was captured: it may come long afterwards. */
  let captureMs = 0;
  const hear = (durationMs: number, probability: number): void => {
    for (let ms = 0; ms < durationMs; ms += 32) {
      captureMs += 32;
      const window = { probability, captureMs, durationMs: 32, whose: 'unsure' as const };
      aggregator.queueFrame(createFrame('voice-activity', window));
    }
  };
  const edges = (): string[] =>
    catcher.kinds.filter((kind) => /^user-(started|stopped)/.test(kind));
  return { clock, hear, edges };
}

test('a sentence is not cut in two because this process stood still in the middle of it', async () => {
  const { clock, hear, edges } = listening();
  hear(500, 0.95);
  await clock.advance(10);
  clock.standStill(15_000);
  hear(1_000, 0.95);
  await clock.advance(10);
  expect(edges()).toEqual(['user-started-speaking']);
  hear(1_000, 0.02);
  await clock.advance(10);
  expect(edges()).toEqual(['user-started-speaking', 'user-stopped-speaking']);
});

test('sound that ended with it is over all the same', async () => {
  const { clock, hear, edges } = listening();
  hear(500, 0.95);
  await clock.advance(10);
  clock.standStill(15_000);
  await clock.advance(1_000);
  expect(edges()).toEqual(['user-started-speaking', 'user-stopped-speaking']);
});
