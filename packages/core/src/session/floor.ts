import type { RecordStore } from '../bus/bus.ts';
import type { Address } from '../bus/envelope.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';

/**
 * Who may speak and act in a session: one holder, and an epoch that moves with it. The record on the bus
 * is what another owner finds; it never expires by itself.
 */
export class Floor {
  /** Asked for when it is needed: a session may be set up before its runner joins the bus. */
  readonly #store: () => RecordStore;
  readonly #key: string;
  #holder: Address | null = null;
  #epoch = 0;

  constructor(store: () => RecordStore, sessionId: string, bridge: string | null) {
    this.#store = store;
    this.#key = `floor/${sessionId}/${bridge ?? ''}`;
  }

  get holder(): Address | null {
    return this.#holder;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Whether this message was sent by the holder, under the epoch that is now. */
  isHeldBy(source: Address, epoch: number): boolean {
    return (
      epoch === this.#epoch &&
      this.#holder?.incarnation === source.incarnation &&
      this.#holder.worker === source.worker
    );
  }

  /** Rejects with `stale-epoch` when another owner has moved it: we own this session no more. */
  async move(holder: Address | null): Promise<void> {
    const epoch = this.#epoch + 1;
    const name = holder ? `${holder.worker}@${holder.incarnation}` : '';
    if (!(await this.#store().compareAndSet(this.#key, this.#epoch, { epoch, holder: name }))) {
      throw new VoicebusError(
        'stale-epoch',
        'Another transport agent has taken this session over.',
      );
    }
    this.#epoch = epoch;
    this.#holder = holder;
  }

  async release(): Promise<void> {
    const wasMoved = this.#epoch > 0;
    this.#holder = null;
    if (wasMoved) await this.#store().remove(this.#key);
  }
}
