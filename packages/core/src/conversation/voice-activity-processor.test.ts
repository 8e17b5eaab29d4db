import { FakeClock, ScriptedVoiceActivityDetector } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { SessionEvents } from '../events/session-events.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { VoiceActivityDetector } from '../speech/voice-activity-detector.ts';
import { VoiceActivityProcessor } from './voice-activity-processor.ts';

class Sink extends FrameProcessor {
  readonly frames: Frame[] = [];
  protected override process(frame: Frame, direction: Direction): void {
    this.frames.push(frame);
    this.push(frame, direction);
  }
}

/** Answers when it is told to; the probability is the window's first sample. */
function slowDetector(): VoiceActivityDetector & {
  /** One after the other, as long as something is asked. */
  answer: (count?: number) => Promise<void>;
  /** What is asked by now. */
  answerAll: () => Promise<void>;
} {
  const asked: (() => void)[] = [];
  return {
    name: 'slow',
    open: () =>
      Promise.resolve({
        probability: (window) =>
          new Promise((resolve) => asked.push(() => resolve((window[0] ?? 0) * 32))),
        reset: () => {},
        [Symbol.asyncDispose]: () => Promise.resolve(),
      }),
    async answer(count = Infinity) {
      for (let index = 0; index < count && asked.length > 0; index += 1) {
        asked.shift()?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    async answerAll() {
      for (const answer of asked.splice(0)) answer();
      await new Promise((resolve) => setImmediate(resolve));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function pipeline() {
  const detector = slowDetector();
  const processor = new VoiceActivityProcessor(detector);
  const sink = new Sink('sink');
  processor.link(sink);
  await processor.setup();
  /** `seconds` of sound at once, in frames of 20 ms. */
  const burst = (seconds: number): void => {
    for (let index = 0; index < seconds * 50; index += 1) {
      const pcm = new Int16Array(320).fill(256);
      processor.queueFrame(
        createFrame('input-audio', { pcm, sampleRateHz: 16_000, captureMs: (index + 1) * 20 }),
      );
    }
  };
  const audioMs = (): number =>
    sink.frames.filter(({ kind }) => kind === 'input-audio').length * 20;
  const ruled = (): Frame<'voice-activity'>[] =>
    sink.frames.filter(
      (frame): frame is Frame<'voice-activity'> => frame.kind === 'voice-activity',
    );
  return { detector, processor, sink, burst, audioMs, ruled };
}

test('audio that comes in a burst does not overtake what is ruled on it', async () => {
  const { detector, burst, audioMs, ruled } = await pipeline();
  burst(2);
  for (let window = 1; window <= 20; window += 1) {
    await detector.answer(1);
    expect(ruled()).toHaveLength(window);
    expect(ruled().at(-1)?.captureMs).toBe(window * 32);
    expect(audioMs()).toBeLessThanOrEqual((window + 1) * 32 + 20);
  }
  await detector.answer();
  expect(audioMs()).toBe(2_000);
  expect(ruled()).toHaveLength(62);
});

test('the ten seconds that a page may record before it connects are all ruled on', async () => {
  const { detector, burst, ruled, audioMs } = await pipeline();
  burst(10);
  await detector.answer();
  expect(ruled()).toHaveLength(312);
  expect(audioMs()).toBe(10_000);
});

test('a detector whose every answer comes late is asked ahead, and keeps up', async () => {
  const { detector, burst, ruled, audioMs } = await pipeline();
  burst(10);
  // 312 windows: one at a time they would take as many answers.
  for (let times = 1; times <= 25; times += 1) await detector.answerAll();
  expect(ruled()).toHaveLength(312);
  expect(ruled().map(({ captureMs }) => captureMs)).toEqual(
    Array.from({ length: 312 }, (_, index) => (index + 1) * 32),
  );
  expect(audioMs()).toBe(10_000);
});

test('a detector that hangs costs its rulings, not the audio', async () => {
  const { burst, audioMs, ruled } = await pipeline();
  burst(30);
  expect(ruled()).toHaveLength(0);
  expect(audioMs()).toBeGreaterThan(15_000);
});

test('a detector that does not open costs its rulings, not the call, and is tried again', async () => {
  const clock = new FakeClock();
  const working = new ScriptedVoiceActivityDetector();
  let attempts = 0;
  const processor = new VoiceActivityProcessor({
    name: 'flaky',
    open: () => {
      attempts += 1;
      return attempts < 3 ? Promise.reject(new Error('no start')) : working.open();
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const sink = new Sink('sink');
  processor.link(sink);
  const events = new SessionEvents('session', clock, () => {});
  processor.attach({ clock, events, sessionId: 'session', workerName: 'main' });
  await processor.setup();
  const hear = async (): Promise<string[]> => {
    const pcm = new Int16Array(512);
    processor.queueFrame(
      createFrame('input-audio', { pcm, sampleRateHz: 16_000, captureMs: clock.now() }),
    );
    await clock.settle();
    return sink.frames.map(({ kind }) => kind);
  };
  expect(await hear()).toEqual(['input-audio']);
  await clock.advance(4_000);
  expect(await hear()).toEqual(['input-audio', 'input-audio', 'voice-activity']);
  await processor.cleanup();
  expect(clock.pending).toBe(0);
});
