import { SeededRandom } from '@voicebus/testing';
import { within } from '@voicebus/testing/system';
import type { Surface, OpenSurface } from './surface.ts';

export interface FuzzOptions {
  /** The first input's seed; the next one's is one more. */
  readonly seed: number;
  /** Ends after this time, or after so many inputs. */
  readonly durationMs?: number;
  readonly inputs?: number;
  readonly onProgress?: (result: FuzzResult) => void;
}

export interface FuzzResult {
  readonly surface: string;
  readonly inputs: number;
  readonly elapsedMs: number;
  readonly outcomes: ReadonlyMap<string, number>;
  /** Each with the seed of the input that did it, or the seeds among which it is. */
  readonly failures: readonly string[];
}

/** More than any input takes; what needs longer hangs. */
const hangMs = 20_000;
/** What must hold is looked at so often, so that a failure is near the input that caused it. */
const checkEveryMs = 2_000;
const progressEveryMs = 10_000;

/** Sends bad input until time is up or something broke. The same seed sends the same input. */
export async function runFuzz(surface: Surface, options: FuzzOptions): Promise<FuzzResult> {
  const open = await surface.open();
  const run = new FuzzRun(surface.name, options, open);
  const stopWatching = watchThrows((what) => run.fail(what));
  try {
    await run.untilDone(surface.concurrency);
  } finally {
    await open.close();
    stopWatching();
  }
  return run.result;
}

class FuzzRun {
  readonly #surface: string;
  readonly #options: FuzzOptions;
  readonly #open: OpenSurface;
  readonly #startedMs = performance.now();
  readonly #outcomes = new Map<string, number>();
  readonly #failures: string[] = [];
  #sent = 0;
  #checkedMs = performance.now();
  #reportedMs = performance.now();
  #safeSeed: number;

  constructor(surface: string, options: FuzzOptions, open: OpenSurface) {
    this.#surface = surface;
    this.#options = options;
    this.#open = open;
    this.#safeSeed = options.seed;
  }

  get result(): FuzzResult {
    return {
      surface: this.#surface,
      inputs: this.#sent,
      elapsedMs: performance.now() - this.#startedMs,
      outcomes: this.#outcomes,
      failures: this.#failures,
    };
  }

  fail(what: string): void {
    const last = this.#options.seed + this.#sent - 1;
    this.#failures.push(`${what} (seeds ${this.#safeSeed} to ${last})`);
  }

  async untilDone(concurrency: number): Promise<void> {
    while (!this.#isDone()) {
      const lanes = Array.from({ length: concurrency }, () => this.#lane());
      await Promise.all(lanes);
      await this.#check();
    }
  }

  async #lane(): Promise<void> {
    while (!this.#isDone() && performance.now() - this.#checkedMs < checkEveryMs) {
      const seed = this.#options.seed + this.#sent;
      this.#sent += 1;
      try {
        const attack = this.#open.attack(new SeededRandom(seed));
        const outcome = await within(attack, hangMs, 'anything to happen');
        this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
      } catch (thrown) {
        const why = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
        this.#failures.push(`seed ${seed}: ${why}`);
      }
    }
  }

  async #check(): Promise<void> {
    for (const violation of await this.#open.violations()) this.fail(violation);
    if (this.#failures.length === 0) this.#safeSeed = this.#options.seed + this.#sent;
    this.#checkedMs = performance.now();
    if (performance.now() - this.#reportedMs < progressEveryMs) return;
    this.#reportedMs = performance.now();
    this.#options.onProgress?.(this.result);
  }

  #isDone(): boolean {
    const { inputs = Infinity, durationMs = Infinity } = this.#options;
    return (
      this.#failures.length > 0 ||
      this.#sent >= inputs ||
      performance.now() - this.#startedMs >= durationMs
    );
  }
}

/** What nobody caught, of surfaces that are attacked inside this process. */
function watchThrows(onThrow: (what: string) => void): () => void {
  const caught = (thrown: unknown): void =>
    onThrow(`nobody caught ${thrown instanceof Error ? thrown.stack : String(thrown)}`);
  process.on('uncaughtException', caught);
  process.on('unhandledRejection', caught);
  return () => {
    process.off('uncaughtException', caught);
    process.off('unhandledRejection', caught);
  };
}
