import type { ContextMessage } from '@voicebus/protocol';
import { createFrame } from '../frames/frame.ts';
import type { SessionOwner } from './session-owner.ts';

/**
 * The answer that the holder prepares while the user's turn may be over. Nothing of it is heard or done
 * before the turn is; it changes neither the context nor the floor.
 */
export class EagerTurn {
  readonly #owner: SessionOwner;
  #isPrepared = false;

  constructor(owner: SessionOwner) {
    this.#owner = owner;
  }

  /** The user said this and may have nothing to add; null: they go on, or it came to nothing. */
  prepare(message: ContextMessage | null): void {
    const owner = this.#owner;
    const { holder } = owner.floor;
    if (!holder || owner.isClosed) return;
    if (message === null) {
      if (this.#isPrepared) owner.send('turn-prepare', holder, { message, changes: null });
      this.#settle('dropped', 0);
      return;
    }
    // Whoever is about to answer something else has no use for it.
    const changes = owner.desk.openTurnId === null ? owner.changesFor(holder) : null;
    if (!changes) return;
    owner.send('turn-prepare', holder, { message, changes });
    this.#isPrepared = true;
  }

  /** The holder answers. `aheadMs`: how long before the request it had begun; undefined: it had not. */
  answered(aheadMs: number | undefined): void {
    this.#settle(aheadMs === undefined ? 'dropped' : 'used', aheadMs ?? 0);
  }

  #settle(outcome: 'used' | 'dropped', aheadMs: number): void {
    if (!this.#isPrepared) return;
    this.#isPrepared = false;
    this.#owner.events.emit('answer-prepared', { outcome, aheadMs });
  }
}

/** At an agent: what its pipeline is to prepare. */
export function prepareFrame(
  messages: readonly ContextMessage[],
  message: ContextMessage | null,
): ReturnType<typeof createFrame<'llm-prepare'>> {
  return createFrame('llm-prepare', { context: { messages, propose: () => {} }, message });
}
