import type { SessionEvent } from '@voicebus/protocol';
import { emptyTalkView, foldTalk, type TalkView } from '../talk/talk-view.ts';
import { foldHandoffs, type Handoffs } from './handoffs.ts';
import { emptyLanes, foldLanes, type Lanes } from './lanes.ts';
import { median } from './median.ts';
import { foldTurns, type Turns } from './turn-marks.ts';
import { waterfallRow, type WaterfallRow } from './waterfall.ts';

/** One session as its dashboard page shows it. */
export interface SessionDetail {
  readonly talk: TalkView;
  readonly owner: string | null;
  readonly channel: string | null;
  readonly media: 'webrtc' | 'rtp' | 'text' | null;
  readonly connected: boolean;
  readonly endedAtWallMs: number | null;
  readonly handoffs: Handoffs;
  readonly turns: Turns;
  readonly lanes: Lanes;
  readonly interruptions: number;
  /** Holds that turned out to be no interruption. */
  readonly falseAlarms: number;
  readonly toolCalls: number;
  readonly problems: number;
}

export const emptySessionDetail: SessionDetail = {
  talk: emptyTalkView,
  owner: null,
  channel: null,
  media: null,
  connected: false,
  endedAtWallMs: null,
  handoffs: [],
  turns: [],
  lanes: emptyLanes,
  interruptions: 0,
  falseAlarms: 0,
  toolCalls: 0,
  problems: 0,
};

export function foldSession(detail: SessionDetail, event: SessionEvent): SessionDetail {
  const talk = foldTalk(detail.talk, event);
  if (talk === detail.talk) return detail;
  return {
    ...detail,
    ...facts(detail, event),
    talk,
    handoffs: foldHandoffs(detail.handoffs, event),
    turns: foldTurns(detail.turns, event),
    lanes: foldLanes(detail.lanes, event),
  };
}

export function foldSessionEvents(
  detail: SessionDetail,
  events: readonly SessionEvent[],
): SessionDetail {
  return events.reduce(foldSession, detail);
}

/** One row per turn that answered somebody. */
export function waterfall(detail: SessionDetail): readonly WaterfallRow[] {
  return detail.turns.flatMap((turn) => waterfallRow(turn) ?? []);
}

/** Median of the response times at the ear, and of how many; null without any. */
export function medianResponse(
  detail: SessionDetail,
): { readonly ms: number; readonly samples: number } | null {
  const times = detail.turns.flatMap((turn) => turn.responseMs ?? []);
  const ms = median(times);
  return ms === null ? null : { ms, samples: times.length };
}

function facts(detail: SessionDetail, event: SessionEvent): Partial<SessionDetail> {
  switch (event.type) {
    case 'session-started':
      return { owner: event.owner, channel: event.channel };
    case 'session-ended':
      return { connected: false, endedAtWallMs: event.wallMs };
    case 'caller-connected':
      return { media: event.media, connected: true };
    case 'caller-disconnected':
      return { connected: false };
    case 'interruption':
      return event.verdict === 'interrupt'
        ? { interruptions: detail.interruptions + 1 }
        : { falseAlarms: detail.falseAlarms + 1 };
    case 'tool-start':
      return { toolCalls: detail.toolCalls + 1 };
    case 'problem':
      return { problems: detail.problems + 1 };
    default:
      return {};
  }
}
