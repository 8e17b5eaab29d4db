import { vadWindowSamples } from '@voicebus/core';

/** The model was trained on windows that overlap by 4 ms; without them it finds no speech at all. */
const overlapSamples = 64;
const inputSamples = overlapSamples + vadWindowSamples;
/** Numbers per caller in each of the state's two layers. */
const stateSize = 128;

export interface SileroBatch {
  readonly size: number;
  /** `size` rows of 576 samples. */
  readonly input: Float32Array;
  /** Two layers of `size` rows of 128. */
  readonly state: Float32Array;
}

export interface SileroBatchResult {
  readonly probabilities: Float32Array;
  readonly state: Float32Array;
}

interface Caller {
  overlap: Float32Array;
  /** Both layers, one after the other. */
  state: Float32Array;
}

interface Waiting {
  readonly stream: number;
  readonly window: Float32Array;
  readonly resolve: (probability: number) => void;
  readonly reject: (reason: unknown) => void;
}

/** Joins the windows of different callers that wait at the same time into one run of the model. */
export class SileroBatcher {
  readonly #run: (batch: SileroBatch) => Promise<SileroBatchResult>;
  readonly #callers = new Map<number, Caller>();
  #waiting: Waiting[] = [];
  #isRunning = false;

  constructor(run: (batch: SileroBatch) => Promise<SileroBatchResult>) {
    this.#run = run;
  }

  add(stream: number, window: Float32Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stream, window, resolve, reject });
      if (!this.#isRunning) void this.#work();
    });
  }

  /** The next window of this caller starts from nothing. */
  forget(stream: number): void {
    this.#callers.delete(stream);
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#compute(batch);
      } catch (thrown) {
        for (const { reject } of batch) reject(thrown);
      }
    }
    this.#isRunning = false;
  }

  /** The oldest window of each caller: a caller's second one needs the state after the first. */
  #takeBatch(): readonly Waiting[] {
    const taken = new Map<number, Waiting>();
    const left: Waiting[] = [];
    for (const waiting of this.#waiting) {
      if (taken.has(waiting.stream)) left.push(waiting);
      else taken.set(waiting.stream, waiting);
    }
    this.#waiting = left;
    return [...taken.values()];
  }

  async #compute(batch: readonly Waiting[]): Promise<void> {
    const size = batch.length;
    const callers = batch.map(({ stream }) => this.#caller(stream));
    const input = new Float32Array(size * inputSamples);
    const state = new Float32Array(2 * size * stateSize);
    callers.forEach((caller, row) => {
      const window = batch[row]?.window ?? new Float32Array(vadWindowSamples);
      input.set(caller.overlap, row * inputSamples);
      input.set(window, row * inputSamples + overlapSamples);
      state.set(caller.state.subarray(0, stateSize), row * stateSize);
      state.set(caller.state.subarray(stateSize), (size + row) * stateSize);
      caller.overlap = window.slice(-overlapSamples);
    });
    const result = await this.#run({ size, input, state });
    callers.forEach((caller, row) => {
      for (const layer of [0, 1]) {
        const from = (layer * size + row) * stateSize;
        caller.state.set(result.state.subarray(from, from + stateSize), layer * stateSize);
      }
      batch[row]?.resolve(result.probabilities[row] ?? 0);
    });
  }

  #caller(stream: number): Caller {
    let caller = this.#callers.get(stream);
    if (caller === undefined) {
      caller = {
        overlap: new Float32Array(overlapSamples),
        state: new Float32Array(2 * stateSize),
      };
      this.#callers.set(stream, caller);
    }
    return caller;
  }
}
