import type { SessionEvent } from '@voicebus/protocol';

type Distribute<Event> = Event extends SessionEvent
  ? Omit<Event, 'id' | 'sequence' | 'wallMs' | 'sessionId'>
  : never;
/** An event without the stamp that the script adds. */
export type EventDraft = Distribute<SessionEvent>;

/** Stamps drafts as one session's events, counting from sequence 1. */
export function stampEvents(
  drafts: readonly EventDraft[],
  sessionId = 'session-1',
): SessionEvent[] {
  return drafts.map((draft, index) => ({
    ...draft,
    id: `${sessionId}/${index + 1}`,
    sequence: index + 1,
    wallMs: 1_790_000_000_000 + draft.atMs,
    sessionId,
  }));
}

const greeter = 'greeter';
const support = 'support';

/**
 * A whole call: greeting, a question answered with a tool, a false alarm, an interruption, a handoff
 * and the end. Tests replay it; the browser tests and the design pages show it.
 */
export const writtenCall: readonly SessionEvent[] = stampEvents([
  { type: 'session-started', atMs: 0, owner: 'transport-1', channel: 'voicebus', text: false },
  { type: 'caller-connected', atMs: 400, media: 'webrtc' },
  { type: 'handoff-accepted', atMs: 420, handoffId: 'h0', to: greeter, epoch: 1 },
  { type: 'turn-started', atMs: 430, turnId: 't1', by: 'agent' },
  { type: 'llm-request', atMs: 431, turnId: 't1', agent: greeter, busMs: 2 },
  { type: 'llm-first-token', atMs: 520, turnId: 't1', agent: greeter },
  bot(530, ['t1', 'm1', greeter], ['Hello, this is Greeter.', false]),
  { type: 'tts-first-byte', atMs: 600, turnId: 't1', agent: greeter },
  bot(610, ['t1', 'm1', greeter], ['Hello, this is Greeter. How can I help?', true]),
  { type: 'llm-end', atMs: 612, turnId: 't1', agent: greeter, inputTokens: 90, outputTokens: 12 },
  { type: 'audio-first-sent', atMs: 620, turnId: 't1', agent: greeter },
  { type: 'bot-started-speaking', atMs: 620, turnId: 't1', agent: greeter },
  heard(1500, ['t1', 'm1', greeter], [23, false]),
  { type: 'tts-end', atMs: 1600, turnId: 't1', agent: greeter },
  heard(2400, ['t1', 'm1', greeter], [39, false]),
  { type: 'bot-stopped-speaking', atMs: 2500, turnId: 't1', agent: greeter, interrupted: false },
  { type: 'turn-ended', atMs: 2500, turnId: 't1', interrupted: false },

  { type: 'speech-heard-start', atMs: 4000, turnId: 't2', probability: 0.93 },
  { type: 'turn-started', atMs: 4000, turnId: 't2', by: 'voice' },
  said(4600, ['t2', 'm2'], 'where is'),
  said(5200, ['t2', 'm2'], 'where is my order'),
  { type: 'speech-heard-end', atMs: 5900, turnId: 't2', durationMs: 1900, endedAtMs: 5900 },
  { type: 'turn-ruled-end', atMs: 6400, turnId: 't2', endpointMs: 500 },
  final(6450, ['t2', 'm2'], 'Where is my order?'),
  { type: 'llm-request', atMs: 6460, turnId: 't2', agent: greeter, busMs: 4 },
  { type: 'llm-first-token', atMs: 6600, turnId: 't2', agent: greeter },
  {
    type: 'tool-start',
    atMs: 6610,
    turnId: 't2',
    agent: greeter,
    callId: 'c1',
    name: 'find_order',
  },
  {
    type: 'tool-end',
    atMs: 6910,
    turnId: 't2',
    agent: greeter,
    callId: 'c1',
    name: 'find_order',
    status: 'completed',
    durationMs: 300,
  },
  { type: 'llm-request', atMs: 6920, turnId: 't2', agent: greeter, busMs: 3 },
  { type: 'llm-first-token', atMs: 7020, turnId: 't2', agent: greeter },
  bot(
    7030,
    ['t2', 'm3', greeter],
    ['It left the warehouse this morning and arrives on Friday.', true],
  ),
  { type: 'tts-first-byte', atMs: 7120, turnId: 't2', agent: greeter },
  { type: 'audio-first-sent', atMs: 7140, turnId: 't2', agent: greeter },
  { type: 'bot-started-speaking', atMs: 7140, turnId: 't2', agent: greeter },
  {
    type: 'playback-first-heard',
    atMs: 7200,
    turnId: 't2',
    responseMs: 1320,
    uncertaintyMs: 6,
  },
  { type: 'interruption', atMs: 7600, turnId: 't2', verdict: 'resume', by: 'voice' },
  heard(8200, ['t2', 'm3', greeter], [21, false]),
  {
    type: 'interruption',
    atMs: 8300,
    turnId: 't2',
    verdict: 'interrupt',
    by: 'voice',
    silenceMs: 96,
  },
  heard(8310, ['t2', 'm3', greeter], [21, true]),
  { type: 'bot-stopped-speaking', atMs: 8310, turnId: 't2', agent: greeter, interrupted: true },
  { type: 'turn-ended', atMs: 8310, turnId: 't2', interrupted: true },

  { type: 'turn-started', atMs: 8300, turnId: 't3', by: 'text' },
  { ...final(9300, ['t3', 'm4'], 'I want to talk to a person'), by: 'text' },
  { type: 'llm-request', atMs: 9310, turnId: 't3', agent: greeter, busMs: 2 },
  { type: 'llm-first-token', atMs: 9400, turnId: 't3', agent: greeter },
  {
    type: 'handoff-requested',
    atMs: 9420,
    handoffId: 'h1',
    from: greeter,
    to: support,
    reason: 'asked',
  },
  { type: 'handoff-accepted', atMs: 9440, handoffId: 'h1', from: greeter, to: support, epoch: 2 },
  { type: 'llm-request', atMs: 9445, turnId: 't3', agent: support, busMs: 5 },
  { type: 'llm-first-token', atMs: 9560, turnId: 't3', agent: support },
  bot(9570, ['t3', 'm5', support], ['Support here, I can see your order.', true]),
  { type: 'tts-first-byte', atMs: 9650, turnId: 't3', agent: support },
  { type: 'audio-first-sent', atMs: 9670, turnId: 't3', agent: support },
  { type: 'bot-started-speaking', atMs: 9670, turnId: 't3', agent: support },
  { type: 'handoff-active', atMs: 9670, handoffId: 'h1', from: greeter, to: support, gapMs: 250 },
  heard(11_400, ['t3', 'm5', support], [35, false]),
  { type: 'bot-stopped-speaking', atMs: 11_500, turnId: 't3', agent: support, interrupted: false },
  { type: 'turn-ended', atMs: 11_500, turnId: 't3', interrupted: false },
  { type: 'session-ended', atMs: 15_000, reason: 'caller-ended' },
]);

type Ids = readonly [turnId: string, messageId: string, agent: string];

function bot(atMs: number, [turnId, messageId, agent]: Ids, [text, done]: [string, boolean]) {
  return { type: 'bot-text', atMs, turnId, messageId, agent, text, done } as const;
}

function heard(
  atMs: number,
  [turnId, messageId, agent]: Ids,
  [heardCharacters, interrupted]: [number, boolean],
) {
  return {
    type: 'bot-heard',
    atMs,
    turnId,
    messageId,
    agent,
    heardCharacters,
    interrupted,
  } as const;
}

function said(atMs: number, [turnId, messageId]: readonly [string, string], text: string) {
  return { type: 'transcript-interim', atMs, turnId, messageId, text } as const;
}

function final(atMs: number, [turnId, messageId]: readonly [string, string], text: string) {
  return { type: 'transcript-final', atMs, turnId, messageId, text, by: 'voice' } as const;
}
