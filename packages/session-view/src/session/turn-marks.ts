import type { SessionEvent } from '@voicebus/protocol';

/** A piece of work with a start and, once it is over, an end; milliseconds on the session's clock. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number | null;
}

export interface ModelSpan extends Span {
  /** How long the request travelled to the agent, milliseconds. */
  readonly busMs: number;
}

export interface ToolSpan extends Span {
  readonly callId: string;
  readonly name: string;
}

/** When each thing happened in one turn, milliseconds on the session's clock. */
export interface TurnMarks {
  readonly turnId: string;
  readonly by: 'voice' | 'text' | 'agent' | null;
  readonly agent: string | null;
  readonly startedMs: number;
  readonly endedMs: number | null;
  readonly interrupted: boolean;
  readonly speechEndMs: number | null;
  readonly ruledEndMs: number | null;
  readonly finalMs: number | null;
  /** Each request until its first token. */
  readonly model: readonly ModelSpan[];
  readonly tools: readonly ToolSpan[];
  readonly firstByteMs: number | null;
  readonly firstSentMs: number | null;
  readonly heardMs: number | null;
  /** Measured by the browser: end of the user's speech to the first bot sample played. */
  readonly responseMs: number | null;
  readonly uncertaintyMs: number | null;
}

/** Turns in the order in which they started. */
export type Turns = readonly TurnMarks[];

/** In how many of them the caller said something: a greeting is none of theirs, and noise is none. */
export function callerTurns(turns: Turns): number {
  return turns.filter((turn) => turn.finalMs !== null).length;
}

export function foldTurns(turns: Turns, event: SessionEvent): Turns {
  if (event.turnId === undefined) return turns;
  const index = turns.findIndex((turn) => turn.turnId === event.turnId);
  const turn = turns[index] ?? emptyTurn(event.turnId, event.atMs);
  const marked = mark(turn, event);
  if (index === -1) return [...turns, marked];
  return marked === turn ? turns : turns.with(index, marked);
}

function mark(turn: TurnMarks, event: SessionEvent): TurnMarks {
  const agent = turn.agent ?? ('agent' in event ? event.agent : null);
  switch (event.type) {
    case 'turn-started':
      return { ...turn, by: event.by };
    case 'turn-ended':
      return { ...turn, endedMs: event.atMs, interrupted: event.interrupted };
    case 'turn-ruled-end':
      return { ...turn, ruledEndMs: event.atMs, speechEndMs: event.atMs - event.endpointMs };
    case 'transcript-final':
      // It sounded like speech but held no words.
      if (event.text === '') return turn;
      // A typed turn ends when its text is there.
      return {
        ...turn,
        finalMs: event.atMs,
        speechEndMs: turn.speechEndMs ?? (event.by === 'text' ? event.atMs : null),
      };
    case 'llm-request':
      return {
        ...turn,
        agent,
        model: [...turn.model, { startMs: event.atMs, endMs: null, busMs: event.busMs ?? 0 }],
      };
    case 'llm-first-token':
      return { ...turn, agent, model: closeLast(turn.model, event.atMs) };
    case 'tool-start': {
      const tool = { callId: event.callId, name: event.name, startMs: event.atMs, endMs: null };
      return { ...turn, agent, tools: [...turn.tools, tool] };
    }
    case 'tool-end':
      return {
        ...turn,
        tools: turn.tools.map((tool) =>
          tool.callId === event.callId ? { ...tool, endMs: event.atMs } : tool,
        ),
      };
    case 'tts-first-byte':
      return { ...turn, agent, firstByteMs: turn.firstByteMs ?? event.atMs };
    case 'audio-first-sent':
      return { ...turn, agent, firstSentMs: turn.firstSentMs ?? event.atMs };
    case 'playback-first-heard':
      return {
        ...turn,
        heardMs: turn.heardMs ?? event.atMs,
        responseMs: turn.responseMs ?? event.responseMs ?? null,
        uncertaintyMs: turn.uncertaintyMs ?? event.uncertaintyMs ?? null,
      };
    default:
      return turn;
  }
}

function closeLast(spans: readonly ModelSpan[], atMs: number): readonly ModelSpan[] {
  const last = spans.at(-1);
  if (last === undefined || last.endMs !== null) return spans;
  return spans.with(-1, { ...last, endMs: atMs });
}

function emptyTurn(turnId: string, startedMs: number): TurnMarks {
  return {
    turnId,
    by: null,
    agent: null,
    startedMs,
    endedMs: null,
    interrupted: false,
    speechEndMs: null,
    ruledEndMs: null,
    finalMs: null,
    model: [],
    tools: [],
    firstByteMs: null,
    firstSentMs: null,
    heardMs: null,
    responseMs: null,
    uncertaintyMs: null,
  };
}
