/** How often it is looked at the clock. */
const everyMs = 1000;
/**
 * Timers that are this late were not merely throttled: a hidden page's timers come once per second. One
 * that is silent for long gets them once per minute, which looks like sleep; so a wake is only a hint.
 */
const lateMs = 4000;

export interface SleepWatchOptions {
  /** `sleptMs`: how long nothing ran; 0 when the network or the page came back without a gap. */
  readonly onWake: (sleptMs: number) => void;
  /** Wall clock, milliseconds: the monotonic one stands still during sleep in some browsers. */
  readonly now?: () => number;
}

/** Notices that the machine slept, by timers that were late. */
export class SleepWatch {
  readonly #onWake: (sleptMs: number) => void;
  readonly #now: () => number;
  #lastMs: number;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor({ onWake, now = Date.now }: SleepWatchOptions) {
    this.#onWake = onWake;
    this.#now = now;
    this.#lastMs = now();
  }

  start(): void {
    this.stop();
    this.#lastMs = this.#now();
    this.#timer = setInterval(() => this.look(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** A good moment to look: the page is shown again, or the network is back. */
  look({ hint = false }: { readonly hint?: boolean } = {}): void {
    const nowMs = this.#now();
    const goneMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (goneMs >= lateMs) this.#onWake(goneMs);
    else if (hint) this.#onWake(0);
  }
}

/** Looks by itself and at the moments that the browser tells of, until the signal aborts. */
export function watchSleep(onWake: (sleptMs: number) => void, signal: AbortSignal): void {
  const watch = new SleepWatch({ onWake });
  watch.start();
  signal.addEventListener('abort', () => watch.stop());
  document.addEventListener('visibilitychange', () => watch.look(), { signal });
  window.addEventListener('pageshow', () => watch.look(), { signal });
  window.addEventListener('online', () => watch.look({ hint: true }), { signal });
}
