import type { TurnMarks } from './turn-marks.ts';

/** The parts of a response time, in the order in which they usually happen. */
export const waterfallParts = [
  'endpointing',
  'transcript',
  'queue',
  'bus',
  'model',
  'tool',
  'synthesis',
  'sending',
  'playback',
  'unaccounted',
] as const;
export type WaterfallPart = (typeof waterfallParts)[number];

/** Milliseconds after the end of the caller's speech. */
export interface WaterfallBar {
  readonly part: WaterfallPart;
  readonly startMs: number;
  readonly endMs: number;
}

export interface WaterfallRow {
  readonly turnId: string;
  readonly agent: string | null;
  readonly interrupted: boolean;
  /** In order of time and without overlap; they cover `totalMs` completely. */
  readonly bars: readonly WaterfallBar[];
  /** End of speech to the first sound (or to the last mark known, while the turn runs). */
  readonly totalMs: number;
  /** True when `totalMs` was measured at the ear by the browser. */
  readonly measuredAtEar: boolean;
  readonly uncertaintyMs: number | null;
}

/**
 * Null for a turn that answers nobody (a greeting) or has no mark after the end of speech yet. Time that
 * no mark explains is never dropped: it becomes a bar named "unaccounted".
 */
export function waterfallRow(turn: TurnMarks): WaterfallRow | null {
  const origin = turn.speechEndMs;
  if (origin === null) return null;
  const claims = claimedBars(turn).map((bar) => ({
    ...bar,
    startMs: bar.startMs - origin,
    endMs: bar.endMs - origin,
  }));
  const lastMs = claims.reduce((latest, bar) => Math.max(latest, bar.endMs), 0);
  const heardMs = turn.heardMs === null ? null : turn.heardMs - origin;
  const totalMs = turn.responseMs ?? heardMs ?? lastMs;
  if (totalMs <= 0) return null;
  return {
    turnId: turn.turnId,
    agent: turn.agent,
    interrupted: turn.interrupted,
    bars: cover(claims, totalMs),
    totalMs,
    measuredAtEar: turn.responseMs !== null,
    uncertaintyMs: turn.uncertaintyMs,
  };
}

function claimedBars(turn: TurnMarks): WaterfallBar[] {
  const bars: WaterfallBar[] = [];
  const claim = (part: WaterfallPart, startMs: number | null, endMs: number | null) => {
    if (startMs !== null && endMs !== null && endMs > startMs) bars.push({ part, startMs, endMs });
  };
  const ready = latest(turn.ruledEndMs, turn.finalMs);
  claim('endpointing', turn.speechEndMs, turn.ruledEndMs);
  claim('transcript', turn.ruledEndMs, turn.finalMs);
  claim('queue', ready, turn.model[0]?.startMs ?? null);
  for (const span of turn.model) {
    claim('bus', span.startMs, span.startMs + span.busMs);
    claim('model', span.startMs + span.busMs, span.endMs);
  }
  for (const tool of turn.tools) claim('tool', tool.startMs, tool.endMs);
  const token = turn.model
    .map((span) => span.endMs)
    .findLast((endMs) => endMs !== null && turn.firstByteMs !== null && endMs <= turn.firstByteMs);
  claim('synthesis', token ?? null, turn.firstByteMs);
  claim('sending', turn.firstByteMs, turn.firstSentMs);
  claim('playback', turn.firstSentMs, turn.heardMs);
  return bars.toSorted((one, other) => one.startMs - other.startMs);
}

/** Cuts overlaps away (the earlier bar keeps the time) and fills every hole with "unaccounted". */
function cover(claims: readonly WaterfallBar[], totalMs: number): WaterfallBar[] {
  const bars: WaterfallBar[] = [];
  let reachedMs = 0;
  for (const claim of claims) {
    const startMs = Math.max(claim.startMs, reachedMs);
    const endMs = Math.min(claim.endMs, totalMs);
    if (endMs <= startMs) continue;
    if (startMs > reachedMs) bars.push({ part: 'unaccounted', startMs: reachedMs, endMs: startMs });
    bars.push({ part: claim.part, startMs, endMs });
    reachedMs = endMs;
  }
  if (reachedMs < totalMs) bars.push({ part: 'unaccounted', startMs: reachedMs, endMs: totalMs });
  return bars;
}

function latest(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.max(one, other);
}
