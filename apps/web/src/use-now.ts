import { useSyncExternalStore } from 'react';

/** One timer for all that tick at the same pace; it runs while somebody looks. */
class Ticker {
  readonly #everyMs: number;
  readonly #listeners = new Set<() => void>();
  #nowMs = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  get = (): number => this.#nowMs;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) {
      this.#nowMs = Date.now();
      this.#timer = setInterval(() => this.#tick(), this.#everyMs);
    }
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearInterval(this.#timer);
    };
  };

  #tick(): void {
    this.#nowMs = Date.now();
    for (const listener of this.#listeners) listener();
  }
}

const tickers = new Map<number, Ticker>();
const subscribeToNothing = () => () => {};
const zero = () => 0;

function tickerOf(everyMs: number): Ticker {
  const ticker = tickers.get(everyMs) ?? new Ticker(everyMs);
  tickers.set(everyMs, ticker);
  return ticker;
}

/** The wall clock in milliseconds, read again every `everyMs`; null stops it. 0 until it has started. */
export function useNow(everyMs: number | null): number {
  const ticker = everyMs === null ? null : tickerOf(everyMs);
  return useSyncExternalStore(ticker?.subscribe ?? subscribeToNothing, ticker?.get ?? zero, zero);
}
