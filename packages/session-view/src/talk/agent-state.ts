import type { SessionEvent } from '@voicebus/protocol';

/** What the agent does now, as people see it. */
export type AgentState =
  /** The floor is the caller's. */
  | { readonly kind: 'listening' }
  /** The caller's turn is over and no answer sounds yet. */
  | { readonly kind: 'thinking' }
  | { readonly kind: 'using-tool'; readonly name: string }
  | { readonly kind: 'speaking' }
  /** From the request until the new agent is heard, or until it fails. */
  | { readonly kind: 'handing-off'; readonly from: string; readonly to: string };

/** The facts from which `agentState` follows; several may hold at once. */
export interface AgentActivity {
  /** Who holds the floor; null until the first agent has taken it. */
  readonly holder: string | null;
  /** Agent whose voice sounds. */
  readonly speaking: string | null;
  /** Turn that waits for an answer. */
  readonly thinkingTurnId: string | null;
  readonly tools: readonly { readonly callId: string; readonly name: string }[];
  readonly handoff: { readonly id: string; readonly from: string; readonly to: string } | null;
}

export const initialActivity: AgentActivity = {
  holder: null,
  speaking: null,
  thinkingTurnId: null,
  tools: [],
  handoff: null,
};

/** A handoff outranks the voice, since the old agent may still finish its sentence during it. */
export function agentState(activity: AgentActivity): AgentState {
  if (activity.handoff) {
    return { kind: 'handing-off', from: activity.handoff.from, to: activity.handoff.to };
  }
  if (activity.speaking !== null) return { kind: 'speaking' };
  const tool = activity.tools.at(-1);
  if (tool) return { kind: 'using-tool', name: tool.name };
  return activity.thinkingTurnId === null ? { kind: 'listening' } : { kind: 'thinking' };
}

/** Folds one event; returns the same object when nothing changed. */
export function foldActivity(activity: AgentActivity, event: SessionEvent): AgentActivity {
  const held = 'agent' in event ? withHolder(activity, event.agent) : activity;
  switch (event.type) {
    case 'turn-ruled-end':
    case 'transcript-final':
    case 'llm-request':
      return { ...held, thinkingTurnId: event.turnId };
    case 'tool-start':
      return { ...held, tools: [...held.tools, { callId: event.callId, name: event.name }] };
    case 'tool-end':
      // The model goes on with the result, so the turn is thought about again.
      return {
        ...held,
        tools: held.tools.filter((tool) => tool.callId !== event.callId),
        thinkingTurnId: event.turnId,
      };
    case 'bot-started-speaking':
      return {
        ...held,
        speaking: event.agent,
        thinkingTurnId: null,
        handoff: held.handoff?.to === event.agent ? null : held.handoff,
      };
    case 'bot-stopped-speaking':
      return { ...held, speaking: null };
    case 'turn-ended':
      return held.thinkingTurnId === event.turnId ? { ...held, thinkingTurnId: null } : held;
    case 'interruption':
      return event.verdict === 'interrupt' ? { ...held, speaking: null } : held;
    case 'handoff-requested':
      // Another process of the same agent that takes over is nobody else.
      return event.from === undefined || event.from === event.to
        ? held
        : { ...held, handoff: { id: event.handoffId, from: event.from, to: event.to } };
    case 'handoff-accepted':
      return { ...held, holder: event.to };
    case 'handoff-active':
      return { ...held, holder: event.to, handoff: null };
    case 'handoff-failed':
      return { ...held, handoff: null };
    case 'session-ended':
      return { ...initialActivity, holder: held.holder };
    default:
      return held;
  }
}

/**
 * The first agent that acts holds the floor. Later it moves by handoff only: what an old holder had
 * accepted is played out after the floor has moved.
 */
function withHolder(activity: AgentActivity, agent: string): AgentActivity {
  return activity.holder === null ? { ...activity, holder: agent } : activity;
}
