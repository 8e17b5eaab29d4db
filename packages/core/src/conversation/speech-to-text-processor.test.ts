import { FakeClock, FrameCatcher, ScriptedSpeechToText } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { SessionEvents } from '../events/session-events.ts';
import { createFrame } from '../frames/frame.ts';
import type { SpeechToText, TranscriptionStreamOptions } from '../speech/speech-to-text.ts';
import { SpeechToTextProcessor } from './speech-to-text-processor.ts';

/** Opens only after so many failures. */
function flaky(clock: FakeClock, failures: number): SpeechToText & { attempts: () => number } {
  const scripted = new ScriptedSpeechToText({ clock, finals: () => 'hello' });
  let attempts = 0;
  return {
    name: 'flaky',
    attempts: () => attempts,
    open: (options: TranscriptionStreamOptions) => {
      attempts += 1;
      return attempts <= failures ? Promise.reject(new Error('no start')) : scripted.open(options);
    },
    [Symbol.asyncDispose]: () => scripted[Symbol.asyncDispose](),
  };
}

async function pipeline(failures: number) {
  const clock = new FakeClock();
  const stt = flaky(clock, failures);
  const [before, processor, after] = [
    new FrameCatcher('before'),
    new SpeechToTextProcessor(stt),
    new FrameCatcher('after'),
  ];
  before.link(processor);
  processor.link(after);
  const events = new SessionEvents('session', clock, () => {});
  processor.attach({ clock, events, sessionId: 'session', workerName: 'main' });
  await processor.setup();
  const say = async (): Promise<string[]> => {
    processor.queueFrame(createFrame('user-started-speaking', { utteranceId: 'u', atMs: 0 }));
    processor.queueFrame(
      createFrame('user-stopped-speaking', { utteranceId: 'u', atMs: 0, ruledMs: 0 }),
    );
    await clock.settle();
    return after.frames.flatMap((frame) => (frame.kind === 'transcription' ? [frame.text] : []));
  };
  return { clock, stt, processor, before, say };
}

test('a recogniser that does not open costs nothing but words, and is tried again', async () => {
  const { clock, before, say } = await pipeline(2);
  expect(before.frames).toMatchObject([{ kind: 'error', fatal: false }]);
  expect(await say()).toEqual([]);
  await clock.advance(1_500);
  expect(await say()).toEqual(['hello']);
});

test('one that never opens is given up, and leaves no timer', async () => {
  const { clock, stt, before } = await pipeline(100);
  await clock.advance(60_000);
  expect(stt.attempts()).toBe(6);
  expect(before.frames.at(-1)).toMatchObject({ kind: 'error', fatal: true });
  expect(clock.pending).toBe(0);
});

test('one that breaks now and then, and works in between, is not given up', async () => {
  const clock = new FakeClock();
  const scripted = new ScriptedSpeechToText({ clock, finals: () => 'hello' });
  const processor = new SpeechToTextProcessor(scripted);
  const [before, after] = [new FrameCatcher('before'), new FrameCatcher('after')];
  before.link(processor);
  processor.link(after);
  const events = new SessionEvents('session', clock, () => {});
  processor.attach({ clock, events, sessionId: 'session', workerName: 'main' });
  await processor.setup();
  for (let turn = 0; turn < 20; turn += 1) {
    const utteranceId = `u${turn}`;
    processor.queueFrame(createFrame('user-started-speaking', { utteranceId, atMs: 0 }));
    processor.queueFrame(
      createFrame('user-stopped-speaking', { utteranceId, atMs: 0, ruledMs: 0 }),
    );
    await clock.settle();
    scripted.fail(new Error('gone'));
    await clock.advance(10);
  }
  expect(after.frames.filter(({ kind }) => kind === 'transcription')).toHaveLength(20);
  expect(before.frames.every((frame) => frame.kind === 'error' && !frame.fatal)).toBe(true);
  await processor.cleanup();
});

test('nothing is opened for a call that is over', async () => {
  const { clock, stt, processor } = await pipeline(1);
  await processor.cleanup();
  await clock.advance(60_000);
  expect(stt.attempts()).toBe(1);
});
