import { describe, expect, it } from 'vitest';
import { type EventDraft, stampEvents, writtenCall } from '../written-call.ts';
import { emptyLanes, foldLanes } from './lanes.ts';

const fold = (drafts: readonly EventDraft[]) => stampEvents(drafts).reduce(foldLanes, emptyLanes);

describe('the lanes of a call', () => {
  it('show who made a sound when, and what the rules made of it', () => {
    const lanes = writtenCall.reduce(foldLanes, emptyLanes);
    expect(lanes.heard).toMatchObject([{ startMs: 4000, endMs: 5900 }]);
    expect(lanes.ruled).toMatchObject([
      { turnId: 't2', startMs: 4000, endMs: 6400 },
      { turnId: 't3', startMs: 9300, endMs: 9301 },
    ]);
    expect(lanes.bot).toMatchObject([
      { agent: 'greeter', startMs: 620, endMs: 2500, interrupted: false },
      { agent: 'greeter', startMs: 7140, endMs: 8310, interrupted: true },
      { agent: 'support', startMs: 9670, endMs: 11_500, interrupted: false },
    ]);
  });

  it('show speech that became no turn', () => {
    const { heard, ruled } = fold([
      { type: 'speech-heard-start', atMs: 1000, probability: 0.9 },
      { type: 'speech-heard-end', atMs: 1700, durationMs: 200, endedAtMs: 1200 },
    ]);
    expect(heard).toMatchObject([{ startMs: 1000, endMs: 1200 }]);
    expect(ruled).toEqual([]);
  });

  it('show what still lasts, and end it with the session', () => {
    const starts: EventDraft[] = [
      { type: 'speech-heard-start', atMs: 1000, probability: 0.9 },
      { type: 'turn-started', atMs: 1000, turnId: 't', by: 'voice' },
      { type: 'bot-started-speaking', atMs: 1100, turnId: 'u', agent: 'greeter' },
    ];
    expect(fold(starts).heard).toMatchObject([{ endMs: null }]);
    const ended = fold([...starts, { type: 'session-ended', atMs: 2000, reason: 'caller-left' }]);
    for (const spans of Object.values(ended)) expect(spans).toMatchObject([{ endMs: 2000 }]);
  });

  it('end a turn that was dropped', () => {
    const { ruled } = fold([
      { type: 'turn-started', atMs: 1000, turnId: 't', by: 'voice' },
      { type: 'turn-ended', atMs: 1900, turnId: 't', interrupted: false },
    ]);
    expect(ruled).toMatchObject([{ startMs: 1000, endMs: 1900 }]);
  });
});
