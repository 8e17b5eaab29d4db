/** A value that can be watched: what `useSyncExternalStore` needs and nothing more. */
export interface Store<Value> {
  readonly get: () => Value;
  readonly subscribe: (listener: () => void) => () => void;
}

export class WritableStore<Value> implements Store<Value> {
  #value: Value;
  readonly #listeners = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  get = (): Value => this.#value;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Listeners hear only of a change; one that throws does not keep the others from hearing. */
  set(value: Value): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        reportError(error);
      }
    }
  }

  patch(change: Partial<Value>): void {
    const entries = Object.entries(change) as [keyof Value, Value[keyof Value]][];
    if (entries.every(([key, value]) => Object.is(this.#value[key], value))) return;
    this.set({ ...this.#value, ...change });
  }
}
