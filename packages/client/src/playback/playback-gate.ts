import { rtpClockHz, rtpDistance } from './rtp-timestamp.ts';

/** Whether the bot may be heard. The page closes the gate by itself; only then does it ask. */
export type GateState =
  | { readonly kind: 'open' }
  /** The page heard speech and waits for the server's verdict. */
  | { readonly kind: 'held'; readonly holdId: string; readonly deadlineMs: number }
  /**
   * The bot was interrupted: what still comes out of the jitter buffer belongs to the void sentence.
   * Opens with the first packet of a later spurt.
   */
  | {
      readonly kind: 'stopped';
      readonly afterRtpTimestamp: number;
      readonly spurtRtpTimestamp: number | null;
    };

export type GateEvent =
  | { readonly type: 'speech'; readonly holdId: string; readonly playedRtpTimestamp: number }
  | { readonly type: 'verdict'; readonly holdId: string; readonly verdict: 'interrupt' | 'resume' }
  /** `Esc`: no verdict is needed. */
  | { readonly type: 'stop'; readonly rtpTimestamp: number }
  | { readonly type: 'spurt'; readonly rtpTimestamp: number }
  /** The server says that the bot speaks; a spurt may have been lost on the unreliable channel. */
  | { readonly type: 'bot-speaks' }
  | { readonly type: 'played'; readonly rtpTimestamp: number }
  | { readonly type: 'tick' };

/** Without a verdict for this long the bot is heard again: the server's own bound is 800 ms. */
export const verdictDeadlineMs = 1200;

/**
 * What may still be played of a stopped sentence when its successor's first packet is not known: the
 * jitter buffer holds at most about 200 ms of a paced stream.
 */
const jitterBufferSamples = (200 * rtpClockHz) / 1000;

/** The clock is passed in; `nowMs` only grows. */
export function nextGate(
  state: GateState,
  event: GateEvent,
  context: { readonly nowMs: number; readonly playedRtpTimestamp: number },
): GateState {
  switch (state.kind) {
    case 'open':
      return fromOpen(state, event, context.nowMs);
    case 'held':
      return fromHeld(state, event, context);
    case 'stopped':
      return fromStopped(state, event);
  }
}

function fromOpen(state: GateState, event: GateEvent, nowMs: number): GateState {
  if (event.type === 'speech') {
    return { kind: 'held', holdId: event.holdId, deadlineMs: nowMs + verdictDeadlineMs };
  }
  return event.type === 'stop' ? stoppedAt(event.rtpTimestamp) : state;
}

function fromHeld(
  state: Extract<GateState, { kind: 'held' }>,
  event: GateEvent,
  context: { readonly nowMs: number; readonly playedRtpTimestamp: number },
): GateState {
  switch (event.type) {
    case 'verdict':
      // A verdict on another hold is late and says nothing about this one.
      if (event.holdId !== state.holdId) return state;
      return event.verdict === 'resume' ? { kind: 'open' } : stoppedAt(context.playedRtpTimestamp);
    case 'stop':
      return stoppedAt(event.rtpTimestamp);
    case 'tick':
      return context.nowMs >= state.deadlineMs ? { kind: 'open' } : state;
    default:
      return state;
  }
}

function fromStopped(state: Extract<GateState, { kind: 'stopped' }>, event: GateEvent): GateState {
  switch (event.type) {
    case 'spurt':
      // Only a spurt after the stop opens the gate; the message of an older one may come late.
      if (rtpDistance(state.afterRtpTimestamp, event.rtpTimestamp) < 0) return state;
      return { ...state, spurtRtpTimestamp: event.rtpTimestamp };
    case 'bot-speaks':
      return {
        ...state,
        spurtRtpTimestamp:
          state.spurtRtpTimestamp ?? (state.afterRtpTimestamp + jitterBufferSamples) >>> 0,
      };
    case 'played':
      return state.spurtRtpTimestamp !== null &&
        rtpDistance(state.spurtRtpTimestamp, event.rtpTimestamp) >= 0
        ? { kind: 'open' }
        : state;
    case 'stop':
      if (rtpDistance(state.afterRtpTimestamp, event.rtpTimestamp) <= 0) return state;
      return {
        ...stoppedAt(event.rtpTimestamp),
        spurtRtpTimestamp: laterSpurt(state.spurtRtpTimestamp, event.rtpTimestamp),
      };
    default:
      return state;
  }
}

function stoppedAt(rtpTimestamp: number): Extract<GateState, { kind: 'stopped' }> {
  return { kind: 'stopped', afterRtpTimestamp: rtpTimestamp, spurtRtpTimestamp: null };
}

function laterSpurt(spurt: number | null, stoppedRtpTimestamp: number): number | null {
  return spurt !== null && rtpDistance(stoppedRtpTimestamp, spurt) >= 0 ? spurt : null;
}
