import { describe, expect, it } from 'vitest';
import { type EventDraft, stampEvents } from '../written-call.ts';
import { emptyTalkView, foldTalkEvents } from './talk-view.ts';

const alarm = (isEcho = true): EventDraft => ({
  type: 'interruption',
  atMs: 1,
  verdict: 'resume',
  by: 'voice',
  isEcho,
});
const interruption: EventDraft = {
  type: 'interruption',
  atMs: 1,
  verdict: 'interrupt',
  by: 'voice',
};
const said = (text: string): EventDraft => ({
  type: 'transcript-final',
  atMs: 1,
  turnId: 't',
  messageId: 'm',
  text,
  by: 'voice',
});
const view = (...drafts: EventDraft[]) => foldTalkEvents(emptyTalkView, stampEvents(drafts));

describe('a bot that may hear itself', () => {
  it('is one with two holds in a row for its own voice', () => {
    expect(view(alarm()).mayHearItself).toBe(false);
    expect(view(alarm(), alarm()).mayHearItself).toBe(true);
  });

  it.each([
    ['an interruption', interruption],
    ['words', said('no wait')],
    ['a false alarm that was no echo', alarm(false)],
  ])('is none when %s came between', (_, between) => {
    expect(view(alarm(), between, alarm()).mayHearItself).toBe(false);
  });

  it('is still one when noise without words came between', () => {
    expect(view(alarm(), said(''), alarm()).mayHearItself).toBe(true);
  });

  it('stays one for the rest of the call', () => {
    expect(view(alarm(), alarm(), interruption).mayHearItself).toBe(true);
  });
});

describe('a gap in the events', () => {
  it('is marked until everything is told again', () => {
    const events = stampEvents([alarm(), alarm(), interruption]);
    const gapped = foldTalkEvents(
      emptyTalkView,
      [events[0], events[2]].flatMap((e) => e ?? []),
    );
    expect(gapped.needsSnapshot).toBe(true);
    expect(foldTalkEvents(emptyTalkView, events).needsSnapshot).toBe(false);
  });
});
