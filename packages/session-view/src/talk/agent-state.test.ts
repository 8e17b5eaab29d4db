import { describe, expect, it } from 'vitest';
import { type EventDraft, stampEvents, writtenCall } from '../written-call.ts';
import { agentState, foldActivity, initialActivity } from './agent-state.ts';

const after = (...drafts: EventDraft[]) =>
  stampEvents(drafts).reduce(foldActivity, initialActivity);
const turn = { turnId: 't', agent: 'greeter' };
const request: EventDraft = { type: 'llm-request', atMs: 1, ...turn };
const speaks: EventDraft = { type: 'bot-started-speaking', atMs: 2, ...turn };
const stops: EventDraft = { type: 'bot-stopped-speaking', atMs: 3, ...turn, interrupted: false };
const tool: EventDraft = { type: 'tool-start', atMs: 2, ...turn, callId: 'c', name: 'find_order' };
const toolEnds: EventDraft = {
  type: 'tool-end',
  atMs: 3,
  ...turn,
  callId: 'c',
  name: 'find_order',
  status: 'completed',
  durationMs: 1,
};
const handoff = { handoffId: 'h', from: 'greeter', to: 'support' };
const requested: EventDraft = { type: 'handoff-requested', atMs: 4, ...handoff };

describe('the state of the agent', () => {
  it('stays what it is when another process of the agent takes over', () => {
    const takeover: EventDraft = { ...requested, handoffId: 't', to: 'greeter' };
    expect(agentState(after(request, speaks, takeover))).toEqual({ kind: 'speaking' });
  });

  it.each<[string, EventDraft[], string]>([
    ['listens at first', [], 'listening'],
    [
      'thinks when the turn is ruled over',
      [{ type: 'turn-ruled-end', atMs: 1, turnId: 't', endpointMs: 500 }],
      'thinking',
    ],
    [
      'thinks when typed text arrives',
      [{ type: 'transcript-final', atMs: 1, turnId: 't', messageId: 'm', text: 'hi', by: 'text' }],
      'thinking',
    ],
    ['thinks when the model is asked', [request], 'thinking'],
    ['uses a tool', [request, tool], 'using-tool'],
    ['thinks again with the result', [request, tool, toolEnds], 'thinking'],
    ['speaks', [request, speaks], 'speaking'],
    ['speaks while a tool runs', [request, tool, speaks], 'speaking'],
    ['uses the tool after it spoke', [request, tool, speaks, stops], 'using-tool'],
    ['listens when it stops', [request, speaks, stops], 'listening'],
    [
      'listens when the turn ends without a word',
      [request, { type: 'turn-ended', atMs: 2, turnId: 't', interrupted: false }],
      'listening',
    ],
    [
      'listens when it is interrupted',
      [speaks, { type: 'interruption', atMs: 3, verdict: 'interrupt', by: 'key' }],
      'listening',
    ],
    [
      'speaks on after a false alarm',
      [speaks, { type: 'interruption', atMs: 3, verdict: 'resume', by: 'voice' }],
      'speaking',
    ],
    ['hands off', [speaks, requested], 'handing-off'],
    [
      'goes on when the handoff fails',
      [speaks, requested, { type: 'handoff-failed', atMs: 5, ...handoff, code: 'x', message: 'y' }],
      'speaking',
    ],
    ['is the new agent, speaking', [requested, { ...speaks, agent: 'support' }], 'speaking'],
    [
      'listens after the end',
      [speaks, { type: 'session-ended', atMs: 9, reason: 'caller-ended' }],
      'listening',
    ],
  ])('%s', (_name, drafts, kind) => {
    expect(agentState(after(...drafts)).kind).toBe(kind);
  });

  it('keeps the old agent as holder until the handoff is accepted', () => {
    expect(after(request, requested).holder).toBe('greeter');
    const accepted: EventDraft = { type: 'handoff-accepted', atMs: 5, ...handoff, epoch: 2 };
    expect(after(request, requested, accepted).holder).toBe('support');
    expect(after(request, requested, accepted, speaks).holder).toBe('support');
  });

  it('goes through a whole call', () => {
    const seen: string[] = [];
    writtenCall.reduce((activity, event) => {
      const next = foldActivity(activity, event);
      const { kind } = agentState(next);
      if (seen.at(-1) !== kind) seen.push(kind);
      return next;
    }, initialActivity);
    expect(seen).toEqual([
      'listening',
      'thinking',
      'speaking',
      'listening',
      'thinking',
      'using-tool',
      'thinking',
      'speaking',
      'listening',
      'thinking',
      'handing-off',
      'speaking',
      'listening',
    ]);
  });
});
