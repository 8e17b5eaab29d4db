import type { SessionEvent } from '@voicebus/protocol';

/** A stretch of time on the session's clock, milliseconds; `endMs` null while it lasts. */
export interface LaneSpan {
  readonly startMs: number;
  readonly endMs: number | null;
  readonly turnId: string | null;
  /** Who speaks, on the bot's lane. */
  readonly agent: string | null;
  readonly interrupted: boolean;
}

/** Who made a sound when, and what the rules made of it. */
export interface Lanes {
  /** Speech that the detector heard, whatever became of it. */
  readonly heard: readonly LaneSpan[];
  /** From the beginning of a turn until it was ruled to be over. */
  readonly ruled: readonly LaneSpan[];
  readonly bot: readonly LaneSpan[];
}

export const laneNames = ['heard', 'ruled', 'bot'] as const;
export type LaneName = (typeof laneNames)[number];

export const emptyLanes: Lanes = { heard: [], ruled: [], bot: [] };

/** What is typed takes no time: long enough to be seen. */
const typedMs = 1;

export function foldLanes(lanes: Lanes, event: SessionEvent): Lanes {
  const { atMs } = event;
  switch (event.type) {
    case 'speech-heard-start':
      return { ...lanes, heard: begin(lanes.heard, event) };
    case 'speech-heard-end':
      return { ...lanes, heard: end(lanes.heard, event.endedAtMs) };
    case 'turn-started':
      return event.by === 'voice' ? { ...lanes, ruled: begin(lanes.ruled, event) } : lanes;
    case 'turn-ruled-end':
      return { ...lanes, ruled: end(lanes.ruled, atMs) };
    case 'transcript-final':
      if (event.by === 'voice') return lanes;
      return { ...lanes, ruled: end(begin(lanes.ruled, event), atMs + typedMs) };
    case 'turn-ended':
      // It was dropped without a ruling: noise, or words that nobody could make out.
      return lanes.ruled.at(-1)?.turnId === event.turnId
        ? { ...lanes, ruled: end(lanes.ruled, atMs) }
        : lanes;
    case 'bot-started-speaking':
      return { ...lanes, bot: begin(lanes.bot, event) };
    case 'bot-stopped-speaking':
      return { ...lanes, bot: end(lanes.bot, atMs, event.interrupted) };
    case 'session-ended':
      return {
        heard: end(lanes.heard, atMs),
        ruled: end(lanes.ruled, atMs),
        bot: end(lanes.bot, atMs),
      };
    default:
      return lanes;
  }
}

function begin(spans: readonly LaneSpan[], event: SessionEvent): readonly LaneSpan[] {
  const span: LaneSpan = {
    startMs: event.atMs,
    endMs: null,
    turnId: event.turnId ?? null,
    agent: 'agent' in event ? event.agent : null,
    interrupted: false,
  };
  return [...end(spans, event.atMs), span];
}

/** Ends the last span if it still lasts; nothing ends twice. */
function end(spans: readonly LaneSpan[], endMs: number, interrupted = false): readonly LaneSpan[] {
  const last = spans.at(-1);
  if (last === undefined || last.endMs !== null) return spans;
  return spans.with(-1, { ...last, endMs: Math.max(last.startMs, endMs), interrupted });
}
