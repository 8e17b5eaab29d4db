import { limits, type SessionEvent } from '@voicebus/protocol';
import { stampEvents, writtenCall, type EventDraft } from '@voicebus/session-view/written-call';
import { describe, expect, test } from 'vitest';
import { SessionSummaries } from './session-summaries.ts';

const fold = (events: readonly SessionEvent[]) => {
  const summaries = new SessionSummaries();
  for (const event of events) summaries.take(event);
  return summaries.rows[0];
};

const started: EventDraft = {
  type: 'session-started',
  atMs: 0,
  owner: 'o',
  channel: 'c',
  text: false,
};
const final = (turn: number, text: string): EventDraft => ({
  type: 'transcript-final',
  atMs: turn,
  turnId: `t${turn}`,
  messageId: `m${turn}`,
  text,
  by: 'voice',
});

describe('the row of a session', () => {
  test('counts the turns of its caller, with when they were and how long the answer took', () => {
    expect(fold(writtenCall)).toMatchObject({
      turns: 2,
      recentTurns: [
        { turnId: 't2', responseMs: 1320 },
        { turnId: 't3', responseMs: null },
      ],
      medianResponseMs: 1320,
      handoffs: 1,
      interruptions: 1,
    });
  });

  test('does not count noise, nor what the caller adds to a turn', () => {
    const row = fold(stampEvents([started, final(1, ''), final(2, 'wait'), final(2, 'wait, no')]));
    expect(row?.turns).toBe(1);
  });

  test('keeps as many turns as a row may tell of, and counts them all', () => {
    const many = Array.from({ length: limits.recentTurns + 5 }, (_, turn) => final(turn, 'hello'));
    const row = fold(stampEvents([started, ...many]));
    expect(row?.turns).toBe(limits.recentTurns + 5);
    expect(row?.recentTurns).toHaveLength(limits.recentTurns);
    expect(row?.recentTurns[0]?.turnId).toBe('t5');
  });
});
