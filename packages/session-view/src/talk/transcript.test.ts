import { describe, expect, it } from 'vitest';
import { type EventDraft, stampEvents } from '../written-call.ts';
import { splitByHeard } from './transcript-line.ts';
import { foldTranscript, type Transcript } from './transcript.ts';

const fold = (...drafts: EventDraft[]): Transcript =>
  stampEvents(drafts).reduce(foldTranscript, []);
const botText = (text: string, done = false): EventDraft => ({
  type: 'bot-text',
  atMs: 1,
  turnId: 't',
  messageId: 'm',
  agent: 'greeter',
  text,
  done,
});
const botHeard = (heardCharacters: number, interrupted = false): EventDraft => ({
  type: 'bot-heard',
  atMs: 2,
  turnId: 't',
  messageId: 'm',
  agent: 'greeter',
  heardCharacters,
  interrupted,
});
const interim = (text: string): EventDraft => ({
  type: 'transcript-interim',
  atMs: 1,
  turnId: 't',
  messageId: 'm',
  text,
});
const final = (text: string): EventDraft => ({
  type: 'transcript-final',
  atMs: 5,
  turnId: 't',
  messageId: 'm',
  text,
  by: 'voice',
});

describe('what the user says', () => {
  it('turns from interim to final in one row', () => {
    const lines = fold(interim('hel'), interim('hello'), final('Hello!'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ kind: 'user', text: 'Hello!', final: true, atMs: 1 });
  });

  it('is not taken back by an interim that comes late', () => {
    expect(fold(final('Hello!'), interim('hel'))[0]).toMatchObject({ text: 'Hello!', final: true });
  });

  it('goes when the final transcript holds no words', () => {
    expect(fold(interim('uh'), final(''))).toEqual([]);
  });

  it('goes when the turn ends without a final transcript', () => {
    const ended: EventDraft = { type: 'turn-ended', atMs: 9, turnId: 't', interrupted: false };
    expect(fold(interim('uh'), ended)).toEqual([]);
    expect(fold(final('Hello!'), ended)).toHaveLength(1);
  });
});

describe('what the bot says', () => {
  it('grows in one row and is split by what was heard', () => {
    const [line] = fold(botText('One.'), botText('One. Two.', true), botHeard(4));
    expect(line).toMatchObject({ kind: 'bot', done: true, interrupted: false });
    expect(line?.kind === 'bot' && splitByHeard(line)).toEqual({
      spoken: 'One.',
      unspoken: ' Two.',
    });
  });

  it('keeps what was heard while more text comes', () => {
    expect(fold(botText('One.'), botHeard(4), botText('One. Two.'))[0]).toMatchObject({
      heardCharacters: 4,
      text: 'One. Two.',
    });
  });

  it('loses its unspoken tail when it is interrupted, and stays so', () => {
    const lines = fold(
      botText('One. Two.'),
      botHeard(4, true),
      botText('One. Two. Three.'),
      botHeard(9),
    );
    expect(lines[0]).toMatchObject({ text: 'One.', interrupted: true, done: true });
  });

  it('loses what it had still to say when the call ends', () => {
    const ended: EventDraft = { type: 'session-ended', atMs: 9, reason: 'caller-ended' };
    expect(fold(botText('One. Two.', true), botHeard(4), ended)).toMatchObject([
      { text: 'One.', interrupted: true },
    ]);
    expect(fold(botText('One.', true), ended)).toEqual([]);
    expect(fold(botText('One.', true), botHeard(4), ended)).toMatchObject([
      { text: 'One.', interrupted: false },
    ]);
  });

  it('goes when nobody heard any of it', () => {
    const ended: EventDraft = { type: 'turn-ended', atMs: 9, turnId: 't', interrupted: true };
    expect(fold(botText('One.'), botHeard(0, true), ended)).toEqual([]);
  });
});

describe('tools, handoffs and problems', () => {
  it('folds a tool into its result', () => {
    const tool = { turnId: 't', agent: 'greeter', callId: 'c', name: 'find_order' };
    const start: EventDraft = { type: 'tool-start', atMs: 1, ...tool };
    expect(fold(start)[0]).toMatchObject({ kind: 'tool', status: 'running', durationMs: null });
    expect(
      fold(start, { type: 'tool-end', atMs: 9, ...tool, status: 'error', durationMs: 8 })[0],
    ).toMatchObject({ status: 'error', durationMs: 8 });
  });

  it('has no divider where another process of the same agent takes over', () => {
    const takeover = { handoffId: 'h', from: 'greeter', to: 'greeter' };
    expect(
      fold(
        botText('One.'),
        { type: 'handoff-requested', atMs: 1, ...takeover },
        { type: 'handoff-accepted', atMs: 2, ...takeover, epoch: 2 },
      ),
    ).toMatchObject([{ kind: 'bot' }]);
  });

  it('has one divider for a handoff, whatever becomes of it', () => {
    const handoff = { handoffId: 'h', from: 'greeter', to: 'support' };
    const requested: EventDraft = { type: 'handoff-requested', atMs: 1, ...handoff };
    const accepted: EventDraft = { type: 'handoff-accepted', atMs: 2, ...handoff, epoch: 2 };
    expect(
      fold(requested, accepted, { type: 'handoff-active', atMs: 3, ...handoff, gapMs: 200 }),
    ).toMatchObject([{ kind: 'handoff', from: 'greeter', to: 'support', status: 'active' }]);
    expect(
      fold(requested, {
        type: 'handoff-failed',
        atMs: 3,
        ...handoff,
        code: 'handoff-timeout',
        message: 'support did not answer',
      }),
    ).toMatchObject([{ status: 'failed', message: 'support did not answer' }]);
  });

  it('has no divider for a handoff that the end of the call cut short', () => {
    const handoff = { handoffId: 'h', from: 'greeter', to: 'support' };
    const requested: EventDraft = { type: 'handoff-requested', atMs: 1, ...handoff };
    const accepted: EventDraft = { type: 'handoff-accepted', atMs: 2, ...handoff, epoch: 2 };
    const ended: EventDraft = { type: 'session-ended', atMs: 9, reason: 'caller-ended' };
    expect(fold(requested, ended)).toEqual([]);
    expect(fold(requested, accepted, ended)).toMatchObject([{ status: 'accepted' }]);
  });

  it('shows a handoff and not the tool that asked for it', () => {
    const tool = { turnId: 't', agent: 'greeter', callId: 'c', name: 'transfer' };
    const lines = fold(
      { type: 'tool-start', atMs: 1, ...tool },
      { type: 'handoff-requested', atMs: 2, handoffId: 'h', from: 'greeter', to: 'support' },
      { type: 'tool-end', atMs: 3, ...tool, status: 'completed', durationMs: 2 },
    );
    expect(lines).toMatchObject([{ kind: 'handoff' }]);
  });

  it('has no divider for the first agent', () => {
    expect(fold({ type: 'handoff-accepted', atMs: 1, handoffId: 'h', to: 'a', epoch: 1 })).toEqual(
      [],
    );
  });

  it('says once that no first agent can be had, and no more when one is there', () => {
    const failed = (handoffId: string): EventDraft => ({
      type: 'handoff-failed',
      atMs: 1,
      handoffId,
      to: 'greeter',
      code: 'deadline',
      message: 'greeter did not answer',
    });
    expect(fold(failed('a'), failed('b'))).toMatchObject([{ from: null, status: 'failed' }]);
    const there: EventDraft = {
      type: 'handoff-active',
      atMs: 2,
      handoffId: 'c',
      to: 'greeter',
      gapMs: 1,
    };
    expect(fold(failed('a'), failed('b'), there)).toEqual([]);
  });

  it('names a problem', () => {
    expect(
      fold({ type: 'problem', atMs: 1, code: 'stt-lost', message: 'gone', component: 'stt' })[0],
    ).toMatchObject({ kind: 'problem', code: 'stt-lost' });
  });
});

describe('a tool that still runs when the call ends', () => {
  const start: EventDraft = {
    type: 'tool-start',
    atMs: 1,
    turnId: 't',
    agent: 'greeter',
    callId: 'c',
    name: 'find_order',
  };

  it('was given up', () => {
    expect(fold(start)).toMatchObject([{ status: 'running' }]);
    expect(fold(start, { type: 'session-ended', atMs: 2, reason: 'caller-left' })).toMatchObject([
      { status: 'cancelled' },
    ]);
  });
});
