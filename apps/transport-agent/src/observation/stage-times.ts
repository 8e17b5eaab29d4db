import type { SessionEvent } from '@voicebus/protocol';
import { foldTurns, waterfallRow, type Turns, type WaterfallPart } from '@voicebus/session-view';

/** A turn is answered within a few seconds; what comes later belongs to newer ones. */
const keptTurns = 3;

/** How long each part of an answer took, by the same rules as the dashboard's waterfall. */
export class StageTimes {
  readonly #onStage: (part: WaterfallPart, ms: number) => void;
  readonly #turns = new Map<string, Turns>();
  readonly #told = new Map<string, string>();

  constructor(onStage: (part: WaterfallPart, ms: number) => void) {
    this.#onStage = onStage;
  }

  take(event: SessionEvent): void {
    const { sessionId } = event;
    if (event.type === 'session-ended') {
      this.#turns.delete(sessionId);
      this.#told.delete(sessionId);
      return;
    }
    const turns = foldTurns(this.#turns.get(sessionId) ?? [], event).slice(-keptTurns);
    this.#turns.set(sessionId, turns);
    // Complete once the caller hears it; without sound, once it left.
    if (event.type === 'playback-first-heard' || event.type === 'turn-ended')
      this.#tell(sessionId, turns, event.turnId);
  }

  #tell(sessionId: string, turns: Turns, turnId: string): void {
    const turn = turns.find((each) => each.turnId === turnId);
    const row = turn && waterfallRow(turn);
    if (!row || this.#told.get(sessionId) === turnId) return;
    this.#told.set(sessionId, turnId);
    for (const { part, startMs, endMs } of row.bars) this.#onStage(part, endMs - startMs);
  }
}
