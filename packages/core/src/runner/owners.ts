import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';
import type { WorkerRegistry } from '../registry/worker-registry.ts';

export interface OwnersOptions {
  readonly clock: Clock;
  readonly registry: WorkerRegistry;
  /** Its owner is gone for good. */
  readonly onAbandoned: (sessionId: string) => void;
}

/** An owner that was only cut off is back by then, and finds its agents as they were. */
const abandonedAfterMs = 60_000;

/** Who owns the sessions that this runner serves: with an owner that died, nobody else would end them. */
export class Owners {
  readonly #options: OwnersOptions;
  /** Session → the incarnation that asked for workers of it last. */
  readonly #owners = new Map<string, string>();
  readonly #waiting = new Map<string, () => void>();
  readonly #unwatch: () => void;

  constructor(options: OwnersOptions) {
    this.#options = options;
    this.#unwatch = options.registry.onChange(({ incarnation }, change) => {
      if (change === 'lost') this.#lost(incarnation);
      else if (change === 'left') this.#abandon(incarnation);
      else if (change === 'changed') this.#back(incarnation);
    });
  }

  asked(sessionId: string, incarnation: string): void {
    this.#owners.set(sessionId, incarnation);
  }

  forget(sessionId: string): void {
    this.#owners.delete(sessionId);
  }

  close(): void {
    this.#unwatch();
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  #lost(incarnation: string): void {
    if (![...this.#owners.values()].includes(incarnation)) return;
    this.#waiting.set(
      incarnation,
      fairDeadline({
        clock: this.#options.clock,
        limitMs: abandonedAfterMs,
        rule: () => this.#abandon(incarnation),
      }),
    );
  }

  #back(incarnation: string): void {
    this.#waiting.get(incarnation)?.();
    this.#waiting.delete(incarnation);
  }

  #abandon(incarnation: string): void {
    this.#back(incarnation);
    for (const [sessionId, owner] of this.#owners) {
      if (owner !== incarnation) continue;
      this.#owners.delete(sessionId);
      this.#options.onAbandoned(sessionId);
    }
  }
}
