import { describe, expect, test } from 'vitest';
import type { Segment } from './heard.ts';
import { Transcript } from './transcript.ts';

const word = (text: string, startMs: number) => ({
  text,
  startMs,
  endMs: startMs + 200,
  confidence: 0.9,
});
const segment = (text: string, startMs: number, isFinal: boolean): Segment => ({
  text,
  words: text === '' ? [] : text.split(' ').map((part, at) => word(part, startMs + at * 200)),
  startMs,
  endMs: startMs + Math.max(1, text.split(' ').length) * 200,
  isFinal,
});
const from = (fromMs: number, untilMs = Infinity) => ({ fromMs, untilMs });

describe('a transcript', () => {
  test('replaces what runs until it is final, and goes on after it', () => {
    const transcript = new Transcript();
    transcript.hear(segment('where', 0, false));
    transcript.hear(segment('where is', 0, false));
    expect(transcript.of(from(0)).text).toBe('where is');
    transcript.hear(segment('Where is it?', 0, true));
    transcript.hear(segment('my', 600, false));
    expect(transcript.of(from(0)).text).toBe('Where is it? my');
    expect(transcript.finishedMs).toBe(600);
    expect(transcript.listenedMs).toBe(800);
  });

  test('gives each stretch its own words, by when they were said', () => {
    const transcript = new Transcript();
    transcript.hear(segment('one two three four', 0, true));
    expect(transcript.of(from(400)).text).toBe('three four');
    expect(transcript.of(from(0, 400)).text).toBe('one two');
    expect(transcript.of(from(800)).text).toBe('');
    expect(transcript.isFinishedIn(from(400))).toBe(true);
    expect(transcript.isFinishedIn(from(800))).toBe(false);
  });

  test('takes a segment without word times as a whole', () => {
    const transcript = new Transcript();
    transcript.hear({ text: 'one two', words: [], startMs: 0, endMs: 400, isFinal: true });
    expect(transcript.of(from(300)).text).toBe('one two');
    expect(transcript.of(from(400)).text).toBe('');
  });

  test('forgets what a broken connection had only begun', () => {
    const transcript = new Transcript();
    transcript.hear(segment('one two', 0, true));
    transcript.hear(segment('three', 400, false));
    expect(transcript.isRunningIn(from(0))).toBe(true);
    transcript.breakOff();
    expect(transcript.of(from(0)).text).toBe('one two');
    expect(transcript.listenedMs).toBe(400);
    transcript.forget(400);
    expect(transcript.of(from(0)).text).toBe('');
  });

  test('silence is listened to, and is nothing', () => {
    const transcript = new Transcript();
    transcript.hear(segment('', 0, false));
    expect(transcript.isRunningIn(from(0))).toBe(false);
    expect(transcript.listenedMs).toBe(200);
  });
});
