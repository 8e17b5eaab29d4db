import { describe, expect, it } from 'vitest';
import { type EventDraft, stampEvents } from '../written-call.ts';
import { foldTurns } from './turn-marks.ts';
import { waterfallRow } from './waterfall.ts';

const turn = { turnId: 't', agent: 'greeter' };
const row = (...drafts: EventDraft[]) => {
  const [marks] = stampEvents(drafts).reduce(foldTurns, []);
  return marks ? waterfallRow(marks) : null;
};
const ruled: EventDraft = { type: 'turn-ruled-end', atMs: 1500, turnId: 't', endpointMs: 500 };
const final: EventDraft = {
  type: 'transcript-final',
  atMs: 1550,
  turnId: 't',
  messageId: 'm',
  text: 'hi',
  by: 'voice',
};

describe('the waterfall of a turn', () => {
  it('has a bar for each part and covers the whole time', () => {
    const made = row(
      ruled,
      final,
      { type: 'llm-request', atMs: 1560, ...turn, busMs: 5 },
      { type: 'llm-first-token', atMs: 1700, ...turn },
      { type: 'tts-first-byte', atMs: 1800, ...turn },
      { type: 'audio-first-sent', atMs: 1820, ...turn },
      { type: 'playback-first-heard', atMs: 1900, turnId: 't', responseMs: 930 },
    );
    expect(made?.bars).toEqual([
      { part: 'endpointing', startMs: 0, endMs: 500 },
      { part: 'transcript', startMs: 500, endMs: 550 },
      { part: 'queue', startMs: 550, endMs: 560 },
      { part: 'bus', startMs: 560, endMs: 565 },
      { part: 'model', startMs: 565, endMs: 700 },
      { part: 'synthesis', startMs: 700, endMs: 800 },
      { part: 'sending', startMs: 800, endMs: 820 },
      { part: 'playback', startMs: 820, endMs: 900 },
      { part: 'unaccounted', startMs: 900, endMs: 930 },
    ]);
    expect(made).toMatchObject({ totalMs: 930, measuredAtEar: true });
  });

  it('names what no mark explains', () => {
    const made = row(
      ruled,
      { type: 'audio-first-sent', atMs: 2000, ...turn },
      {
        type: 'playback-first-heard',
        atMs: 2100,
        turnId: 't',
      },
    );
    expect(made?.bars).toEqual([
      { part: 'endpointing', startMs: 0, endMs: 500 },
      { part: 'unaccounted', startMs: 500, endMs: 1000 },
      { part: 'playback', startMs: 1000, endMs: 1100 },
    ]);
  });

  it('has no row for a turn that answers nobody', () => {
    expect(row({ type: 'turn-started', atMs: 1, turnId: 't', by: 'agent' })).toBeNull();
  });

  it('never has bars that overlap or leave holes', () => {
    const made = row(
      ruled,
      { ...final, atMs: 1400 },
      { type: 'llm-request', atMs: 1300, ...turn, busMs: 400 },
      { type: 'llm-first-token', atMs: 1600, ...turn },
      { type: 'tool-start', atMs: 1500, ...turn, callId: 'c', name: 'x' },
      {
        type: 'tool-end',
        atMs: 1900,
        ...turn,
        callId: 'c',
        name: 'x',
        status: 'completed',
        durationMs: 400,
      },
      { type: 'tts-first-byte', atMs: 1850, ...turn },
      { type: 'playback-first-heard', atMs: 2100, turnId: 't', responseMs: 1000 },
    );
    let reachedMs = 0;
    for (const bar of made?.bars ?? []) {
      expect(bar.startMs).toBe(reachedMs);
      expect(bar.endMs).toBeGreaterThan(bar.startMs);
      reachedMs = bar.endMs;
    }
    expect(reachedMs).toBe(1000);
  });
});
