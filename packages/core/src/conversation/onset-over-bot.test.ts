import { FakeClock } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { LLMContext } from '../context/llm-context.ts';
import { SessionEvents } from '../events/session-events.ts';
import { createFrame, type Direction, type Frame, type Whose } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import { UserAggregator } from './user-aggregator.ts';

class Catcher extends FrameProcessor {
  readonly kinds: string[] = [];
  protected override process(frame: Frame, _direction: Direction): void {
    this.kinds.push(frame.kind);
  }
}

/** Windows while the bot sounds until an utterance begins; null where none does within a second. */
async function windowsUntilOnset(whose: Whose, probability: number): Promise<number | null> {
  const clock = new FakeClock();
  const aggregator = new UserAggregator(new LLMContext(), { settlingMs: 0 });
  const catcher = new Catcher('catcher');
  aggregator.link(catcher);
  const events = new SessionEvents('session', clock, () => {});
  aggregator.attach({ clock, events, sessionId: 'session', workerName: 'main' });
  aggregator.queueFrame(
    createFrame('bot-started-speaking', { turnId: 'turn', agent: 'greeter' }),
    'upstream',
  );
  for (let count = 1; count <= 30; count += 1) {
    await clock.advance(32);
    const window = { probability, captureMs: clock.now(), durationMs: 32, whose };
    aggregator.queueFrame(createFrame('voice-activity', window));
    if (catcher.kinds.includes('user-started-speaking')) return count;
  }
  return null;
}

test('a quiet word over the bot is heard where it cannot be its echo', async () => {
  expect(await windowsUntilOnset('caller', 0.55)).toBe(2);
  expect(await windowsUntilOnset('unsure', 0.55)).toBeNull();
});

test('a clear word is heard also where it might be the echo, a window later', async () => {
  expect(await windowsUntilOnset('unsure', 0.95)).toBe(3);
});
