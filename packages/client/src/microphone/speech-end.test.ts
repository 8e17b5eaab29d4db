import { describe, expect, it } from 'vitest';
import { SpeechEnd } from './speech-end.ts';
import { SilenceWatch } from './silence-watch.ts';

const frame = (endMs: number, loud: number) => ({
  endMs,
  level: 0.1,
  samples: Float32Array.from({ length: 512 }, (_, index) => (index < loud ? 0.3 : 0.0005)),
});

describe('the end of speech', () => {
  it('is the last loud sample of the last window with speech', () => {
    const end = new SpeechEnd();
    expect(end.add(frame(32, 512), 0.9)).toBe(32);
    // 256 of 512 samples are 16 ms of 32 ms.
    expect(end.add(frame(64, 256), 0.9)).toBeCloseTo(48, 0);
    expect(end.add(frame(96, 0), 0.2)).toBeNull();
    expect(end.add(frame(128, 512), 0.1)).toBeNull();
  });
});

describe('a silent microphone', () => {
  it('is told of after 3 s without any signal, and again when there is one', () => {
    const watch = new SilenceWatch();
    expect(watch.add(0, 0)).toBeNull();
    expect(watch.add(0, 2999)).toBeNull();
    expect(watch.add(0, 3000)).toBe('silence');
    expect(watch.add(0, 3100)).toBeNull();
    expect(watch.add(0.01, 3200)).toBe('signal');
    expect(watch.add(0.01, 3300)).toBeNull();
  });
});
