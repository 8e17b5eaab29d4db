import { within } from '../system/deadline.ts';

/** What happened, in order, and a wait for what is to happen. */
export class Seen<Item> {
  readonly items: Item[] = [];
  readonly #waiting = new Set<() => void>();

  add(item: Item): void {
    this.items.push(item);
    for (const look of this.#waiting) look();
  }

  /** Resolves once the list is as it should be; rejects after `limitMs`. */
  async until(
    isDone: (items: readonly Item[]) => boolean,
    what: string,
    limitMs = 15_000,
  ): Promise<void> {
    const done = Promise.withResolvers<void>();
    const look = (): void => {
      if (isDone(this.items)) done.resolve();
    };
    this.#waiting.add(look);
    look();
    try {
      await within(done.promise, limitMs, what);
    } finally {
      this.#waiting.delete(look);
    }
  }
}
