import { limits, type SessionEvent, type SessionSummary } from '@voicebus/protocol';
import { median } from '@voicebus/session-view';

interface Entry {
  summary: SessionSummary;
  responses: number[];
}

/** Of this many sessions the rows are kept, the newest ones. */
const maxSessions = 500;

/** Folds the channel's events into one row per session. */
export class SessionSummaries {
  readonly #entries = new Map<string, Entry>();

  get rows(): SessionSummary[] {
    return [...this.#entries.values()].map(({ summary }) => summary);
  }

  has(sessionId: string): boolean {
    return this.#entries.has(sessionId);
  }

  /** The row after this event, or null when the event changes nothing that a row shows. */
  take(event: SessionEvent): SessionSummary | null {
    const entry = this.#entries.get(event.sessionId) ?? this.#open(event);
    if (!entry) return null;
    const before = entry.summary;
    entry.summary = change(entry, event);
    return entry.summary === before && event.type !== 'session-started' ? null : entry.summary;
  }

  #open(event: SessionEvent): Entry | null {
    if (event.type !== 'session-started') return null;
    const summary: SessionSummary = {
      sessionId: event.sessionId,
      owner: event.owner,
      startedAtWallMs: event.wallMs,
      endedAtWallMs: null,
      endReason: null,
      holder: null,
      epoch: 0,
      turns: 0,
      recentTurns: [],
      handoffs: 0,
      interruptions: 0,
      medianResponseMs: null,
      media: null,
    };
    const entry = { summary, responses: [] };
    this.#entries.set(event.sessionId, entry);
    for (const [sessionId, { summary: row }] of this.#entries) {
      if (this.#entries.size <= maxSessions) break;
      if (row.endedAtWallMs !== null) this.#entries.delete(sessionId);
    }
    return entry;
  }
}

function change(entry: Entry, event: SessionEvent): SessionSummary {
  const { summary } = entry;
  switch (event.type) {
    case 'caller-connected':
      return { ...summary, media: event.media };
    case 'transcript-final':
      return withTurn(summary, event);
    case 'interruption':
      return event.verdict === 'interrupt'
        ? { ...summary, interruptions: summary.interruptions + 1 }
        : summary;
    case 'handoff-accepted':
      return {
        ...summary,
        holder: event.to,
        epoch: event.epoch,
        handoffs: summary.handoffs + (event.from === undefined ? 0 : 1),
      };
    case 'playback-first-heard':
      if (event.responseMs === undefined) return summary;
      entry.responses.push(event.responseMs);
      return withResponse({ ...summary, medianResponseMs: median(entry.responses) }, event);
    case 'session-ended':
      return { ...summary, endedAtWallMs: event.wallMs, endReason: event.reason, holder: null };
    default:
      return summary;
  }
}

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>;

/** What was noise had no words, and what the caller added to a turn is no other turn. */
function withTurn(
  summary: SessionSummary,
  { turnId, text, wallMs }: EventOf<'transcript-final'>,
): SessionSummary {
  if (text === '' || summary.recentTurns.some((turn) => turn.turnId === turnId)) return summary;
  const turn = { turnId, atWallMs: wallMs, responseMs: null };
  const recentTurns = [...summary.recentTurns, turn].slice(-limits.recentTurns);
  return { ...summary, turns: summary.turns + 1, recentTurns };
}

function withResponse(
  summary: SessionSummary,
  { turnId, responseMs }: EventOf<'playback-first-heard'>,
): SessionSummary {
  const recentTurns = summary.recentTurns.map((turn) =>
    turn.turnId === turnId ? { ...turn, responseMs: turn.responseMs ?? responseMs ?? null } : turn,
  );
  return { ...summary, recentTurns };
}
